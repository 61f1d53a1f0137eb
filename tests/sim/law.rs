//! The rules that the client must keep, whatever happens.

macro_rules! laws {
    ($($(#[$doc:meta])* $law:ident,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    EveryCallSettles,
    OneLoginAtATime,
    ACodeIsSentOnce,
    LogoutWins,
    SessionsEndForAReason,
    ReplayOnce,
    CoolDown,
    LoginRate,
    StorageIsWhole,
    TokenStaysBelowBase,
    SecretsDoNotShow,
    UnknownExpiryIsAsked,
    UsersAreNotMixed,
}
