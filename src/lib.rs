//! Login for WeChat mini-programs.
