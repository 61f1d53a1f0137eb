//! Hosts as JavaScript would give them: objects with functions.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{Array, JSON, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use weapp_login::wasm::LoginClient;

type Api = dyn FnMut(JsValue) -> Result<JsValue, JsValue>;
type Asked = dyn FnMut(f64) -> Promise;
type Sent = dyn FnMut(JsValue, f64) -> JsValue;

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
    /// How many requests were aborted.
    pub aborted: Rc<Cell<u32>>,
    apis: Rc<RefCell<HashMap<&'static str, Box<Api>>>>,
}

impl Host {
    pub fn new() -> Self {
        let host = Host {
            object: Object::new().into(),
            calls: Rc::default(),
            requests: Rc::default(),
            record: Rc::default(),
            aborted: Rc::default(),
            apis: Rc::default(),
        };
        host.on("login", |_| resolved(js(r#"{"code":"code-1"}"#)));
        host.on("checkSession", |_| resolved(JsValue::UNDEFINED));
        host.answer(
            r#"{"statusCode":200,"data":{"errno":0,"data":{"token":"token-1","userInfo":{"nickName":"小明"}}}}"#,
        );
        host.take_calls();
        let record = Rc::clone(&host.record);
        host.set("getStorage", move |_, _| Ok(record.borrow().clone()));
        let record = Rc::clone(&host.record);
        host.set("setStorage", move |_, value| {
            *record.borrow_mut() = value;
            Ok(JsValue::UNDEFINED)
        });
        let record = Rc::clone(&host.record);
        host.set("removeStorage", move |_, _| {
            *record.borrow_mut() = JsValue::UNDEFINED;
            Ok(JsValue::UNDEFINED)
        });
        let is_single_page: Box<dyn FnMut() -> bool> = Box::new(|| false);
        host.put(
            "isSinglePage",
            &Closure::wrap(is_single_page).into_js_value(),
        );
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

    /// The functions of `wx`: what each does throws, or gives what the promise is settled with; in the end, its timeout.
    fn take_calls(&self) {
        for name in ["login", "checkSession"] {
            let host = self.clone();
            let asked: Box<Asked> =
                Box::new(move |ms| host.answer_of(name, JsValue::UNDEFINED, ms));
            self.put(name, &Closure::wrap(asked).into_js_value());
        }
        for (method, name) in [
            ("request", "request"),
            ("upload", "uploadFile"),
            ("download", "downloadFile"),
        ] {
            let host = self.clone();
            let sent: Box<Sent> = Box::new(move |options, ms| {
                let task = Object::new();
                Reflect::set(&task, &"answer".into(), &host.answer_of(name, options, ms)).unwrap();
                let aborted = Rc::clone(&host.aborted);
                let abort = Closure::once_into_js(move || aborted.set(aborted.get() + 1));
                Reflect::set(&task, &"abort".into(), &abort).unwrap();
                task.into()
            });
            self.put(method, &Closure::wrap(sent).into_js_value());
        }
        let sleep: Box<Asked> = Box::new(|ms| late(ms, JsValue::UNDEFINED, true));
        self.put("sleep", &Closure::wrap(sleep).into_js_value());
    }

    fn answer_of(&self, name: &'static str, options: JsValue, ms: f64) -> Promise {
        self.calls.borrow_mut().push(name.to_owned());
        let answer = match self.apis.borrow_mut().get_mut(name).unwrap()(options) {
            Ok(answer) => Promise::resolve(&answer),
            Err(thrown) => Promise::reject(&thrown),
        };
        let timeout = js(&format!(r#"{{"errMsg":"{name}:fail timeout","errno":5}}"#));
        Promise::race(&Array::of2(&answer, &late(ms, timeout, false)))
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

    /// How often it was called.
    pub fn calls_of(&self, name: &str) -> usize {
        let calls = self.calls.borrow();
        calls.iter().filter(|call| *call == name).count()
    }

    pub fn create(&self, options: &str) -> Result<LoginClient, JsValue> {
        LoginClient::new(js(options), self.object.clone().unchecked_into())
    }

    pub fn client(&self) -> LoginClient {
        self.create(r#"{"baseUrl":"https://shop.example/wx/","timeoutMs":30}"#)
            .unwrap()
    }
}

/// Settles with `value` after `ms`.
fn late(ms: f64, value: JsValue, resolved: bool) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let settle = if resolved { resolve } else { reject };
        let value = value.clone();
        let settle = Closure::once_into_js(move || settle.call1(&JsValue::UNDEFINED, &value));
        set_timeout(&settle, ms);
    })
}

/// Waits for a promise that a method returned.
pub async fn settled(promise: impl JsCast) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.unchecked_into::<Promise>()).await
}

pub async fn login(client: &LoginClient) -> Result<JsValue, JsValue> {
    settled(client.login_by_weixin(None)).await
}

/// The `code` of the error that a login ends with.
pub async fn code_of_login(host: &Host) -> String {
    text_at(&login(&host.client()).await.unwrap_err(), "code")
}
