//! What is asked of the server, and what the client knows for it.

/// The hole for the token with which another token is asked for.
pub(crate) const REFRESH: &str = "refresh";

/// An enum, with all its variants, and the slot of each beside it.
macro_rules! slots {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident: $slot:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// In the order in which they are declared.
            pub(super) const ALL: &[Self] = &[$(Self::$variant),*];

            pub(super) fn slot(self) -> &'static str {
                match self { $(Self::$variant => $slot),* }
            }
        }
    };
}

slots! {
    /// What is asked of the server, by a call in a slot of the dialect.
    Purpose {
        Login: "login",
        BindAccount: "bindAccount",
        AccountLogin: "accountLogin",
        Register: "register",
        PhoneLogin: "phoneLogin",
        BindPhone: "bindPhone",
        Check: "check",
        Profile: "profile",
        Logout: "logout",
        LogoutEverywhere: "logoutEverywhere",
        /// Another token for one that ends or has ended.
        Refresh: "refresh",
        /// After a login whose answer does not bring the user.
        User: "user",
    }
}

impl Purpose {
    /// What the client knows for it.
    pub(super) fn holes(self) -> &'static [&'static str] {
        match self {
            Purpose::Login => &["code", "userInfo"],
            Purpose::BindAccount => &["code", "userInfo", "account", "username", "password"],
            Purpose::AccountLogin | Purpose::Register => &["account", "username", "password"],
            Purpose::BindPhone => &["phoneCode"],
            Purpose::Profile => &["profile"],
            Purpose::PhoneLogin => &["code", "phoneCode", "encryptedData", "iv", "unfinished"],
            Purpose::Logout | Purpose::LogoutEverywhere | Purpose::Refresh => &[REFRESH],
            Purpose::Check | Purpose::User => &[],
        }
    }

    pub(super) fn method(self) -> &'static str {
        match self {
            Purpose::Check | Purpose::User => "GET",
            _ => "POST",
        }
    }

    /// Whether a refusal there leads to no login: it signs in or out itself, or needs the phone's own code.
    pub(super) fn is_exempt(self) -> bool {
        !matches!(self, Purpose::Check | Purpose::Profile | Purpose::User)
    }
}
