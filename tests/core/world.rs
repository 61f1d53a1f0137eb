//! The fake host: it records every call, answers as it is told, and its clock moves only when everything waits.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;
use serde_json::{Value, json};
use weapp_login::{Config, Host, HostFailure, HttpRequest, HttpResponse, LoginClient};

use crate::json::Json;
use crate::server::Server;

pub const BASE: &str = "https://shop.example/wx/";
/// The clock at the beginning, in ms since 1970.
pub const START: f64 = 1_800_000_000_000.0;

pub type Client = Rc<LoginClient<World>>;

/// How one call of the host ends.
#[derive(Clone)]
pub enum Answer<T> {
    After(f64, Result<T, HostFailure>),
    Never,
}

pub fn ok<T>(value: T) -> Answer<T> {
    Answer::After(10.0, Ok(value))
}

pub fn fails<T>(err_msg: &str, errno: Option<i32>) -> Answer<T> {
    Answer::After(
        10.0,
        Err(HostFailure {
            err_msg: err_msg.to_owned(),
            errno,
        }),
    )
}

pub fn http(status: u16, data: Value) -> Answer<(u16, Value)> {
    Answer::After(100.0, Ok((status, data)))
}

/// What a request looked like from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub method: &'static str,
    pub path: String,
    pub token: Option<String>,
    pub data: Value,
}

#[derive(Default)]
pub struct Storage {
    pub records: BTreeMap<String, Value>,
    pub fail_get: bool,
    pub fail_set: bool,
    pub fail_remove: bool,
    /// What a failing write leaves behind.
    pub torn: Option<Value>,
}

#[derive(Default)]
struct State {
    now: f64,
    next_timer: usize,
    timers: BTreeMap<usize, (f64, Waker)>,
    calls: Vec<&'static str>,
    sent: Vec<Sent>,
    logins: VecDeque<Answer<Value>>,
    checks: VecDeque<Answer<()>>,
    responses: VecDeque<Answer<(u16, Value)>>,
    storage: Storage,
    server: Server,
}

/// A phone, WeChat and a server in one.
#[derive(Clone, Default)]
pub struct World {
    state: Rc<RefCell<State>>,
}

impl World {
    pub fn new() -> Self {
        let world = World::default();
        world.state.borrow_mut().now = START;
        world
    }

    pub fn client(&self) -> Client {
        self.client_with(json!({}))
    }

    /// A client with `options` besides the base URL.
    pub fn client_with(&self, mut options: Value) -> Client {
        options["baseUrl"] = BASE.into();
        LoginClient::new(Config::new(&Json(options)).unwrap(), self.clone())
    }

    /// Signs in, so that a test can begin with a session.
    pub fn signed_in_client(&self) -> Client {
        let client = self.client();
        self.run(client.clone().login_by_weixin(None)).unwrap();
        self.forget_calls();
        client
    }

    /// Runs `work` to its end, moving the clock from one timer to the next. Panics if it would wait for ever.
    pub fn run<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> T {
        let mut pool = LocalPool::new();
        let result = Rc::new(RefCell::new(None));
        let done = Rc::clone(&result);
        let task = async move { *done.borrow_mut() = Some(work.await) };
        pool.spawner().spawn_local(task).unwrap();
        loop {
            pool.run_until_stalled();
            if let Some(result) = result.borrow_mut().take() {
                return result;
            }
            assert!(self.next_instant(), "the call never settles");
        }
    }

    /// Moves the clock to the next timer; `false` if there is none.
    fn next_instant(&self) -> bool {
        let mut state = self.state.borrow_mut();
        let Some((&id, &(at, _))) = state.timers.iter().min_by(|a, b| a.1.0.total_cmp(&b.1.0))
        else {
            return false;
        };
        state.now = state.now.max(at);
        let (_, waker) = state.timers.remove(&id).unwrap();
        drop(state);
        waker.wake();
        true
    }

    pub fn now(&self) -> f64 {
        self.state.borrow().now
    }

    /// Sets the clock `ms` ahead, or back.
    pub fn shift_clock(&self, ms: f64) {
        self.state.borrow_mut().now += ms;
    }

    pub fn running_timers(&self) -> usize {
        self.state.borrow().timers.len()
    }

    pub fn next_login(&self, answer: Answer<Value>) {
        self.state.borrow_mut().logins.push_back(answer);
    }

    pub fn next_check(&self, answer: Answer<()>) {
        self.state.borrow_mut().checks.push_back(answer);
    }

    /// The next request gets this answer instead of the server's.
    pub fn next_response(&self, answer: Answer<(u16, Value)>) {
        self.state.borrow_mut().responses.push_back(answer);
    }

    pub fn storage<T>(&self, look: impl FnOnce(&mut Storage) -> T) -> T {
        look(&mut self.state.borrow_mut().storage)
    }

    /// The only record in the storage.
    pub fn record(&self) -> Option<Value> {
        self.storage(|storage| {
            assert!(storage.records.len() <= 1, "more than one record");
            storage.records.values().next().cloned()
        })
    }

    /// Puts a record where the client looks for one.
    pub fn set_record(&self, record: Value) {
        self.storage(|storage| {
            storage
                .records
                .insert(format!("weapp-login:{BASE}"), record)
        });
    }

    pub fn server<T>(&self, look: impl FnOnce(&mut Server) -> T) -> T {
        look(&mut self.state.borrow_mut().server)
    }

    /// The names of the calls so far, such as `login`, `request`, `get`.
    pub fn calls(&self) -> Vec<&'static str> {
        self.state.borrow().calls.clone()
    }

    pub fn count(&self, call: &str) -> usize {
        self.calls().iter().filter(|name| **name == call).count()
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.state.borrow().sent.clone()
    }

    pub fn forget_calls(&self) {
        let mut state = self.state.borrow_mut();
        state.calls.clear();
        state.sent.clear();
    }

    fn called(&self, name: &'static str) {
        self.state.borrow_mut().calls.push(name);
    }

    async fn give<T>(&self, answer: Answer<T>) -> Result<T, HostFailure> {
        match answer {
            Answer::Never => pending().await,
            Answer::After(ms, result) => {
                self.sleep(ms).await;
                result
            }
        }
    }

    fn storage_failure(api: &str) -> HostFailure {
        HostFailure {
            err_msg: format!("{api}:fail the disk is full"),
            errno: None,
        }
    }
}

impl Host for World {
    type Value = Json;

    async fn login(&self, _timeout_ms: f64) -> Result<Json, HostFailure> {
        self.called("login");
        let planned = self.state.borrow_mut().logins.pop_front();
        let answer = planned.unwrap_or_else(|| {
            ok(json!({ "code": self.server(Server::issue_code), "errMsg": "login:ok" }))
        });
        self.give(answer).await.map(Json)
    }

    async fn check_session(&self) -> Result<(), HostFailure> {
        self.called("checkSession");
        let answer = self
            .state
            .borrow_mut()
            .checks
            .pop_front()
            .unwrap_or_else(|| ok(()));
        self.give(answer).await
    }

    async fn request(&self, request: HttpRequest<Json>) -> Result<HttpResponse<Json>, HostFailure> {
        self.called("request");
        let sent = Sent {
            method: request.method,
            path: request
                .url
                .strip_prefix(BASE)
                .expect("a URL below the base")
                .to_owned(),
            token: request.header.0["X-Litemall-Token"]
                .as_str()
                .map(str::to_owned),
            data: request.data.map_or(Value::Null, |data| data.0),
        };
        self.state.borrow_mut().sent.push(sent.clone());
        let planned = self.state.borrow_mut().responses.pop_front();
        let answer =
            planned.unwrap_or_else(|| http(200, self.server(|server| server.answer(&sent))));
        self.give(answer).await.map(|(status, data)| HttpResponse {
            status,
            data: Json(data),
        })
    }

    fn storage_get(&self, key: &str) -> Result<Option<Json>, HostFailure> {
        self.called("get");
        self.storage(|storage| match storage.fail_get {
            true => Err(World::storage_failure("getStorageSync")),
            false => Ok(storage.records.get(key).cloned().map(Json)),
        })
    }

    fn storage_set(&self, key: &str, value: &Json) -> Result<(), HostFailure> {
        self.called("set");
        self.storage(|storage| {
            if !storage.fail_set {
                storage.records.insert(key.to_owned(), value.0.clone());
                return Ok(());
            }
            if let Some(torn) = storage.torn.clone() {
                storage.records.insert(key.to_owned(), torn);
            }
            Err(World::storage_failure("setStorageSync"))
        })
    }

    fn storage_remove(&self, key: &str) -> Result<(), HostFailure> {
        self.called("remove");
        self.storage(|storage| match storage.fail_remove {
            true => Err(World::storage_failure("removeStorageSync")),
            false => {
                storage.records.remove(key);
                Ok(())
            }
        })
    }

    fn now_ms(&self) -> f64 {
        self.now()
    }

    async fn sleep(&self, ms: f64) {
        let mut timer = Timer {
            world: self.clone(),
            id: None,
            at: self.now() + ms,
        };
        poll_fn(|context| timer.poll(context.waker())).await;
    }
}

/// A timer that is forgotten when its future is dropped.
struct Timer {
    world: World,
    id: Option<usize>,
    at: f64,
}

impl Timer {
    fn poll(&mut self, waker: &Waker) -> Poll<()> {
        let mut state = self.world.state.borrow_mut();
        match self.id {
            Some(id) if !state.timers.contains_key(&id) => Poll::Ready(()),
            id => {
                let id = id.unwrap_or_else(|| {
                    state.next_timer += 1;
                    state.next_timer
                });
                self.id = Some(id);
                state.timers.insert(id, (self.at, waker.clone()));
                Poll::Pending
            }
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.world.state.borrow_mut().timers.remove(&id);
        }
    }
}
