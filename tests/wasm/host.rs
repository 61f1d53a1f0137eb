//! Hosts as JavaScript would give them: objects with functions.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{JSON, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use weapp_login::wasm::{auth_header, call, create, free, run, session, settle};

type Api = dyn FnMut(JsValue) -> Result<JsValue, JsValue>;
pub type Call = dyn FnMut(usize, JsValue, u32, u32, f64) -> Result<(), JsValue>;
type Sleep = dyn FnMut(u32, u32, f64) -> JsValue;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, ms: f64) -> JsValue;
}

pub type Method = dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>;

/// The JavaScript value that `json` describes.
pub fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

/// The field at `path`, such as `data.token`.
pub fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| {
        Reflect::get(&value, &key.into()).unwrap()
    })
}

pub fn text_at(value: &JsValue, path: &str) -> String {
    at(value, path).as_string().unwrap()
}

pub fn resolved(value: JsValue) -> Result<JsValue, JsValue> {
    Ok(Promise::resolve(&value).into())
}

pub fn rejected(value: JsValue) -> Result<JsValue, JsValue> {
    Ok(Promise::reject(&value).into())
}

pub fn never() -> Result<JsValue, JsValue> {
    Ok(Promise::new(&mut |_, _| {}).into())
}

/// A host on which everything works, and the log of its calls.
#[derive(Clone)]
pub struct Host {
    pub object: JsValue,
    pub calls: Rc<RefCell<Vec<String>>>,
    pub requests: Rc<RefCell<Vec<JsValue>>>,
    pub record: Rc<RefCell<JsValue>>,
    /// The slot and the number of every call of `wx`.
    pub tickets: Rc<RefCell<Vec<(u32, u32)>>>,
    apis: Rc<RefCell<HashMap<&'static str, Box<Api>>>>,
}

impl Host {
    pub fn new() -> Self {
        let host = Host {
            object: Object::new().into(),
            calls: Rc::default(),
            requests: Rc::default(),
            record: Rc::default(),
            tickets: Rc::default(),
            apis: Rc::default(),
        };
        host.on("login", |_| resolved(js(r#"{"code":"code-1"}"#)));
        host.on("checkSession", |_| resolved(JsValue::UNDEFINED));
        host.answer(
            r#"{"statusCode":200,"data":{"errno":0,"data":{"token":"token-1","userInfo":{"nickName":"小明"}}}}"#,
        );
        host.take_calls();
        host.keep_time();
        let record = Rc::clone(&host.record);
        host.set("getStorage", move |_, _| Ok(record.borrow().clone()));
        let record = Rc::clone(&host.record);
        host.set("setStorage", move |_, value| {
            *record.borrow_mut() = value;
            Ok(JsValue::UNDEFINED)
        });
        host.set("changed", |_, _| Ok(JsValue::UNDEFINED));
        host.set("observed", |_, _| Ok(JsValue::UNDEFINED));
        host
    }

    /// Puts a method in place; its calls are logged.
    pub fn set(
        &self,
        name: &'static str,
        mut method: impl FnMut(JsValue, JsValue) -> Result<JsValue, JsValue> + 'static,
    ) {
        let calls = Rc::clone(&self.calls);
        let method: Box<Method> = Box::new(move |first, second| {
            calls.borrow_mut().push(name.to_owned());
            method(first, second)
        });
        self.put(name, &Closure::wrap(method).into_js_value());
    }

    /// `call`: what a function of `wx` throws, or returns, once that is settled itself, settles the call; in the end, its timeout.
    fn take_calls(&self) {
        let (calls, apis) = (Rc::clone(&self.calls), Rc::clone(&self.apis));
        let tickets = Rc::clone(&self.tickets);
        let call: Box<Call> = Box::new(move |api, options, slot, number, ms| {
            let name = ["login", "checkSession", "request", "uploadFile"][api];
            calls.borrow_mut().push(name.to_owned());
            tickets.borrow_mut().push((slot, number));
            let late = js(&format!(r#"{{"errMsg":"{name}:fail timeout","errno":5}}"#));
            let late = Closure::once_into_js(move || settle(slot, number, false, late));
            set_timeout(&late, ms);
            match apis.borrow_mut().get_mut(name).unwrap()(options) {
                Err(thrown) => settle(slot, number, false, thrown),
                Ok(returned) => spawn_local(async move {
                    match JsFuture::from(Promise::resolve(&returned)).await {
                        Ok(answer) => settle(slot, number, true, answer),
                        Err(failure) => settle(slot, number, false, failure),
                    }
                }),
            }
            Ok(())
        });
        self.put("call", &Closure::wrap(call).into_js_value());
    }

    /// `sleep`, over the engine's own timers.
    fn keep_time(&self) {
        let sleep: Box<Sleep> = Box::new(|slot, number, ms| {
            let over = move || settle(slot, number, true, JsValue::UNDEFINED);
            set_timeout(&Closure::once_into_js(over), ms)
        });
        self.put("sleep", &Closure::wrap(sleep).into_js_value());
    }

    /// Says what a function of `wx` does.
    pub fn on(
        &self,
        api: &'static str,
        answer: impl FnMut(JsValue) -> Result<JsValue, JsValue> + 'static,
    ) {
        self.apis.borrow_mut().insert(api, Box::new(answer));
    }

    pub fn put(&self, name: &str, value: &JsValue) {
        Reflect::set(&self.object, &name.into(), value).unwrap();
    }

    /// Every request gets this answer.
    pub fn answer(&self, response: &str) {
        let response = js(response);
        let requests = Rc::clone(&self.requests);
        self.on("request", move |request| {
            requests.borrow_mut().push(request);
            resolved(response.clone())
        });
    }

    pub fn create(&self, options: &str) -> Result<Client, JsValue> {
        Client::over(js(options), self.object.clone())
    }

    pub fn client(&self) -> Client {
        self.create(r#"{"baseUrl":"https://shop.example/wx/","timeoutMs":30}"#)
            .unwrap()
    }
}

/// A client with methods by their names, as the glue gives it to pages; freed when it is dropped.
pub struct Client(usize);

impl Drop for Client {
    fn drop(&mut self) {
        free(self.0);
    }
}

impl Client {
    pub fn over(options: JsValue, host: JsValue) -> Result<Self, JsValue> {
        create(options, host.unchecked_into()).map(Client)
    }

    fn call(&self, method: u32, argument: JsValue) -> JsValue {
        let given = (!argument.is_undefined()).then(|| argument.unchecked_into());
        let promise = call(self.0, method, given);
        run();
        promise
    }

    pub fn session(&self) -> JsValue {
        session(self.0)
    }

    pub fn auth_header(&self) -> JsValue {
        auth_header(self.0)
    }

    pub fn check_login(&self) -> JsValue {
        self.call(0, JsValue::UNDEFINED)
    }

    pub fn logout(&self) -> JsValue {
        self.call(1, JsValue::UNDEFINED)
    }

    pub fn login_by_weixin(&self, user_info: JsValue) -> JsValue {
        self.call(2, user_info)
    }

    pub fn ensure_login(&self, options: JsValue) -> JsValue {
        self.call(3, options)
    }

    pub fn request(&self, options: JsValue) -> JsValue {
        self.call(4, options)
    }

    pub fn update_profile(&self, fields: JsValue) -> JsValue {
        self.call(10, fields)
    }
}

/// Waits for a promise that a method returned.
pub async fn settled(promise: impl JsCast) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.unchecked_into::<Promise>()).await
}

pub async fn login(client: &Client) -> Result<JsValue, JsValue> {
    settled(client.login_by_weixin(JsValue::UNDEFINED)).await
}

/// The `code` of the error that a login ends with.
pub async fn code_of_login(host: &Host) -> String {
    text_at(&login(&host.client()).await.unwrap_err(), "code")
}
