//! The rules that the client must keep, whatever happens.

macro_rules! laws {
    ($($(#[$doc:meta])* $law:ident,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Law { $($(#[$doc])* $law,)* }

        impl Law {
            pub const ALL: &[Law] = &[$(Law::$law),*];

            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|law| format!("{law:?}") == name)
            }
        }
    };
}

laws! {
    /// Every call ends, and in time.
    EveryCallSettles,
    /// Neither a login nor a refresh begins while another is under way.
    OneLoginAtATime,
    ACodeIsSentOnce,
    /// After its answer, a refresh token is not sent again unless the server has kept it.
    RefreshTokenOnce,
    /// A token that an answer brings takes the place of the one that its request carried.
    OnlyTheCurrentTokenRolls,
    /// What began before a logout brings nothing back and is not sent after it.
    LogoutWins,
    /// Only a logout and the end of the token end a session; a token is never replaced by an older one.
    SessionsEndForAReason,
    /// A request is sent at most twice, with another token, for the same user.
    ReplayOnce,
    /// Silent logins keep a distance from failed ones.
    CoolDown,
    LoginRate,
    /// The storage holds a whole record or none, and the session of the memory once it can.
    StorageIsWhole,
    TokenStaysBelowBase,
    SecretsDoNotShow,
    /// A session whose end is unknown is not denied before somebody was asked.
    UnknownExpiryIsAsked,
    /// No user's fields stand beside another user's token.
    UsersAreNotMixed,
    /// A call that began for one user ends with no other user's answer.
    NobodyElsesAnswer,
    /// After a logout, and after the end of an account's session, only an act of the user signs anybody in.
    OnlyAnActSignsIn,
    /// A user is another one only if a login says so.
    IdentityIsTheLogins,
    /// No record is overwritten that was not read, and no other user's by a session that was not written in time.
    UnreadIsKept,
    /// Nobody is signed in silently while the storage cannot be read.
    UnreadIsNotNobody,
    /// Who signs in on purpose is signed in, whatever the storage does.
    AnActNeedsNoStorage,
    /// What an address refuses although the server accepts the token leads to no login.
    OneAddressStartsNoLogin,
    /// What is refused with a token that a login has just brought again leads to no further login.
    OneLoginForAToken,
    /// A silent login loses no field of the same user.
    RenewalKeepsFields,
    /// A login with a profile that ends well has brought it to the server.
    ProfileReachesTheServer,
    /// What `checkLogin` denies, `ensureLogin` heals, and the next `checkLogin` says so.
    CheckAndEnsureAgree,
    /// The server is asked about a token once in a foreground period.
    OneQuestionAPeriod,
    /// A logout or a new user that one client has written holds in the other.
    CopiesAgree,
    /// In WeChat's single-page mode, no login is tried.
    SinglePageSignsNobodyIn,
    /// The storage is not read for each call.
    ReadsAreRare,
}
