//! What every answer looks like: `{errno, errmsg, data?}`, and the one list of what can go wrong.

use crate::wechat::WechatError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// The whole of an answer.
#[derive(Serialize, ToSchema)]
pub struct Envelope<T> {
    /// 0, or what is wrong
    errno: i32,
    /// A text for people
    errmsg: String,
    /// Where there is something to say, and nothing is wrong
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

/// An answer that never has data.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "is described and not made: an envelope without data is the same"
)]
pub struct Bare {
    /// 0, or what is wrong
    errno: i32,
    /// A text for people
    errmsg: String,
}

/// A success, with its data.
pub struct Success<T>(pub T);

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        Json(Envelope {
            errno: 0,
            errmsg: "成功".to_owned(),
            data: Some(self.0),
        })
        .into_response()
    }
}

/// A success that has no data.
pub struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(Envelope::<()> {
            errno: 0,
            errmsg: "成功".to_owned(),
            data: None,
        })
        .into_response()
    }
}

/// Every failure that a client can see; `errno` and the text are its wire form.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("参数不对")]
    MissingArgument,
    #[error("参数值不对")]
    BadValue,
    #[error("请登录")]
    SignedOut,
    #[error("系统内部错误")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An internal error too, of which the database's retries look at the cause.
    #[error("系统内部错误")]
    Database(#[from] DbErr),
    #[error("更新数据失败")]
    UpdateFailed(#[source] DbErr),
    #[error("无操作权限")]
    Forbidden,
    #[error("账号或密码不对")]
    WrongPassword,
    #[error("用户名已注册")]
    NameTaken,
    #[error("手机号格式不正确")]
    BadMobile,
    #[error("该微信用户已绑定其他账号")]
    WeixinBoundElsewhere,
    #[error("该账号已绑定其他微信用户")]
    AccountBoundElsewhere,
    #[error("微信繁忙，请稍后再试")]
    WechatBusy,
    #[error("微信登录凭证无效，请重新获取")]
    CodeRejected,
    #[error("登录过于频繁，请稍后再试")]
    TooFrequent,
    #[error("该微信用户存在风险，登录被拦截")]
    Blocked,
    #[error("服务繁忙，请稍后再试")]
    Busy,
    #[error("尝试次数过多，请过几分钟再试")]
    TooManyAttempts,
    #[error("小程序的微信接口调用额度已用完，请明天再试")]
    QuotaUsedUp(#[source] WechatError),
    #[error("密码过于简单，请换一个至少8位、不常见的密码")]
    WeakPassword,
    #[error("还没有密码，请先注册用户名和密码")]
    NoPassword,
    #[error("原密码不对，请重新输入")]
    WrongOldPassword,
    #[error("没有账号绑定过这个手机号，请换一个手机号，或用其他方式登录")]
    NoAccountOfPhone,
    #[error("解绑微信后将无法登录，请先注册用户名和密码")]
    WeixinIsOnlyWayIn,
    #[error("接口不存在")]
    NoSuchRoute,
    #[error("请求方法不对")]
    WrongMethod,
    #[error("请求内容太大")]
    TooLarge,
    #[error("请求超时")]
    TooSlow,
}

impl ApiError {
    /// The database's own error, if this is one.
    pub fn database_cause(&self) -> Option<&DbErr> {
        match self {
            Self::Database(cause) | Self::UpdateFailed(cause) => Some(cause),
            _ => None,
        }
    }

    fn errno(&self) -> i32 {
        match self {
            Self::MissingArgument => 401,
            Self::BadValue => 402,
            Self::SignedOut => 501,
            Self::Internal(_) | Self::Database(_) => 502,
            Self::UpdateFailed(_) => 505,
            Self::Forbidden => 506,
            Self::WrongPassword => 700,
            Self::NameTaken => 704,
            Self::BadMobile => 707,
            Self::WeixinBoundElsewhere => 708,
            Self::AccountBoundElsewhere => 709,
            Self::WechatBusy => 711,
            Self::CodeRejected => 712,
            Self::TooFrequent => 713,
            Self::Blocked => 714,
            Self::Busy => 715,
            Self::TooManyAttempts => 716,
            Self::QuotaUsedUp(_) => 717,
            Self::WeakPassword => 718,
            Self::NoPassword => 719,
            Self::WrongOldPassword => 720,
            Self::NoAccountOfPhone => 721,
            Self::WeixinIsOnlyWayIn => 722,
            Self::NoSuchRoute => 404,
            Self::WrongMethod => 405,
            Self::TooLarge => 413,
            Self::TooSlow => 408,
        }
    }

    /// Business answers travel as HTTP 200; a request that reached no handler has the status of its own.
    fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchRoute => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            _ => StatusCode::OK,
        }
    }
}

/// The `errno` of a failed answer, for the request log.
#[derive(Clone, Copy)]
pub struct Errno(pub i32);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(cause) = std::error::Error::source(&self) {
            tracing::error!(errno = self.errno(), "{cause}");
        }
        let body = Envelope::<()> {
            errno: self.errno(),
            errmsg: self.to_string(),
            data: None,
        };
        let mut response = (self.status(), Json(body)).into_response();
        response.extensions_mut().insert(Errno(self.errno()));
        response
    }
}

impl From<WechatError> for ApiError {
    fn from(error: WechatError) -> Self {
        match error {
            WechatError::Busy => Self::WechatBusy,
            WechatError::CodeRejected => Self::CodeRejected,
            WechatError::TooFrequent => Self::TooFrequent,
            WechatError::Blocked => Self::Blocked,
            WechatError::QuotaUsedUp(_) => Self::QuotaUsedUp(error),
            WechatError::Failed(_) => Self::Internal(error.into()),
        }
    }
}

impl From<getrandom::Error> for ApiError {
    fn from(error: getrandom::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// A JSON object whatever its content type says. Anything that is not the JSON of a `T` is a bad value; fields that may
/// be absent are `Option`s of `T`, and it is for the handler to say that one is missing.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| ApiError::BadValue)?;
        if !is_object(&bytes) {
            return Err(ApiError::BadValue);
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| ApiError::BadValue)
    }
}

/// For a field that is an object or absent.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let Some(json) = Option::<Box<RawValue>>::deserialize(deserializer)? else {
        return Ok(None);
    };
    if !is_object(json.get().as_bytes()) {
        return Err(D::Error::custom("not an object"));
    }
    serde_json::from_str(json.get())
        .map(Some)
        .map_err(D::Error::custom)
}

/// `Deserialize` alone would take an array of the fields' values for an object.
fn is_object(json: &[u8]) -> bool {
    json.trim_ascii_start().starts_with(b"{")
}
