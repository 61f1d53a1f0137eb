//! The fake host: it records every call, answers as it is told, and its clock moves only when everything waits.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use futures::executor::{LocalPool, LocalSpawner};
use futures::future::{Either, LocalBoxFuture, select};
use futures::task::LocalSpawnExt;
use serde_json::{Value, json};
use weapp_login::{
    Api, Change, Config, Host, HostFailure, LoginClient, Reply, Step, Timestamp, duration_of_ms,
};

use crate::json::Json;
use crate::server::Server;

pub const BASE: &str = "https://shop.example/wx/";
/// The clock at the beginning, in ms since 1970.
pub const START: f64 = 1_800_000_000_000.0;

/// How long a host waits for `wx` after its timeout.
const GRACE: Duration = Duration::from_secs(1);

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
    Answer::After(10.0, Err(failure(err_msg, errno)))
}

/// What `wx` fails with.
pub fn failure(err_msg: &str, errno: Option<i32>) -> HostFailure {
    HostFailure {
        err_msg: err_msg.to_owned(),
        errno,
    }
}

pub fn http(status: u16, data: Value) -> Answer<(u16, Value)> {
    Answer::After(100.0, Ok((status, data)))
}

/// What a request looked like from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub header: Value,
    pub data: Value,
}

impl Sent {
    fn new(method: &str, options: &Json) -> Self {
        let options = &options.0;
        let url = options["url"].as_str().unwrap();
        let file = json!({ "file": options["filePath"], "name": options["name"], "form": options["formData"] });
        Sent {
            method: method.to_owned(),
            path: url.strip_prefix(BASE).unwrap_or(url).to_owned(),
            token: options["header"]["X-Litemall-Token"]
                .as_str()
                .map(str::to_owned),
            header: options["header"].clone(),
            data: if options["filePath"].is_null() {
                options["data"].clone()
            } else {
                file
            },
        }
    }
}

#[derive(Default)]
pub struct Storage {
    pub records: BTreeMap<String, Value>,
    pub fail_get: bool,
    pub fail_set: bool,
    /// How many readings fail, besides.
    pub fail_gets: u32,
    /// How many writes fail, besides.
    pub fail_sets: u32,
    /// How many writes are done and reported as failed, with a reading that fails after each.
    pub fail_sets_that_are_done: u32,
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
    changes: Vec<String>,
    listener: Option<Box<dyn FnOnce()>>,
    chances: u32,
    fixed_chance: Option<f64>,
    steps: Vec<(&'static str, Option<&'static str>)>,
    logins: VecDeque<Answer<Value>>,
    checks: VecDeque<Answer<()>>,
    responses: VecDeque<Answer<(u16, Value)>>,
    storage: Storage,
    server: Server,
    single_page: bool,
    header: Value,
    functions: BTreeMap<&'static str, Function>,
    asked: Vec<(&'static str, Value)>,
}

/// A function of the app's dialect.
type Function = Rc<dyn Fn(Value) -> LocalBoxFuture<'static, Value>>;

/// A phone, WeChat and a server in one.
#[derive(Clone)]
pub struct World {
    state: Rc<RefCell<State>>,
    pool: Rc<RefCell<LocalPool>>,
    spawner: LocalSpawner,
}

impl World {
    pub fn new() -> Self {
        let pool = LocalPool::new();
        let state = State {
            now: START,
            ..State::default()
        };
        World {
            spawner: pool.spawner(),
            pool: Rc::new(RefCell::new(pool)),
            state: Rc::new(RefCell::new(state)),
        }
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
        let result = Rc::new(RefCell::new(None));
        let done = Rc::clone(&result);
        let task = async move { *done.borrow_mut() = Some(work.await) };
        self.spawner.spawn_local(task).unwrap();
        loop {
            self.pool.borrow_mut().run_until_stalled();
            if let Some(result) = result.borrow_mut().take() {
                return result;
            }
            assert!(self.next_instant(), "the call never settles");
        }
    }

    /// Lets everything that goes on in the background come to its end.
    pub fn settle(&self) {
        self.pool.borrow_mut().run_until_stalled();
        while self.next_instant() {
            self.pool.borrow_mut().run_until_stalled();
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

    pub async fn wait(&self, ms: f64) {
        self.sleep(duration_of_ms(ms).unwrap()).await;
    }

    pub fn clock(&self) -> f64 {
        self.state.borrow().now
    }

    /// Sets the clock `ms` ahead, or back.
    pub fn shift_clock(&self, ms: f64) {
        self.state.borrow_mut().now += ms;
    }

    pub fn running_timers(&self) -> usize {
        self.state.borrow().timers.len()
    }

    pub fn set_single_page(&self, single_page: bool) {
        self.state.borrow_mut().single_page = single_page;
    }

    pub fn next_login(&self, answer: Answer<Value>) {
        self.state.borrow_mut().logins.push_back(answer);
    }

    /// What the app's function `login` or `sign` does: it gives the host's reply.
    pub fn on_app<F: Future<Output = Value> + 'static>(
        &self,
        function: &'static str,
        work: impl Fn(Value) -> F + 'static,
    ) {
        let work: Function = Rc::new(move |given| Box::pin(work(given)));
        self.state.borrow_mut().functions.insert(function, work);
    }

    /// The calls of the app's functions so far, each with what it was given.
    pub fn asked(&self) -> Vec<(&'static str, Value)> {
        self.state.borrow().asked.clone()
    }

    pub fn next_check(&self, answer: Answer<()>) {
        self.state.borrow_mut().checks.push_back(answer);
    }

    /// The next request gets this answer instead of the server's.
    pub fn next_response(&self, answer: Answer<(u16, Value)>) {
        self.state.borrow_mut().responses.push_back(answer);
    }

    /// The next requests get the server's answers again.
    pub fn forget_responses(&self) {
        self.state.borrow_mut().responses.clear();
    }

    /// The headers of all answers from now on.
    pub fn set_header(&self, header: Value) {
        self.state.borrow_mut().header = header;
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

    /// The only record in the storage, if it is a session.
    pub fn stored_session(&self) -> Option<Value> {
        self.record().filter(|record| record["token"].is_string())
    }

    /// Lets the session grow older, so that a refusal is about the token and not about an address.
    pub fn age(&self) {
        self.shift_clock(60_000.0);
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

    /// The headers of the requests so far.
    pub fn headers(&self) -> Vec<Value> {
        self.sent().into_iter().map(|sent| sent.header).collect()
    }

    /// The paths of the requests so far.
    pub fn paths(&self) -> Vec<String> {
        self.sent().into_iter().map(|sent| sent.path).collect()
    }

    /// What the client told of itself, such as `signed in: token-1` and `signed out: logout`.
    pub fn changes(&self) -> Vec<String> {
        self.state.borrow().changes.clone()
    }

    /// Does `listener` in the middle of the next change that a client reports.
    pub fn at_next_change(&self, listener: impl FnOnce() + 'static) {
        self.state.borrow_mut().listener = Some(Box::new(listener));
    }

    /// From now on, chance gives `chance` alone.
    pub fn fix_chance(&self, chance: f64) {
        self.state.borrow_mut().fixed_chance = Some(chance);
    }

    pub fn steps(&self) -> Vec<(&'static str, Option<&'static str>)> {
        self.state.borrow().steps.clone()
    }

    pub fn forget_calls(&self) {
        let mut state = self.state.borrow_mut();
        state.changes.clear();
        state.steps.clear();
        state.calls.clear();
        state.sent.clear();
    }

    fn called(&self, name: &'static str) {
        self.state.borrow_mut().calls.push(name);
    }

    /// Gives the answer of `wx`, or gives up some time after the timeout.
    fn in_time(
        &self,
        api: Api,
        timeout: Duration,
        answer: impl Future<Output = Result<Json, HostFailure>> + 'static,
    ) -> Reply<Json> {
        self.called(api.name());
        let late = self.sleep(timeout + GRACE);
        Box::pin(async move {
            match select(Box::pin(answer), late).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(HostFailure::timeout(api)),
            }
        })
    }

    async fn log_in(self) -> Result<Json, HostFailure> {
        let planned = self.state.borrow_mut().logins.pop_front();
        let answer = planned.unwrap_or_else(|| {
            ok(json!({ "code": self.server(Server::issue_code), "errMsg": "login:ok" }))
        });
        self.give(answer).await.map(Json)
    }

    async fn checked(self) -> Result<Json, HostFailure> {
        let answer = self
            .state
            .borrow_mut()
            .checks
            .pop_front()
            .unwrap_or_else(|| ok(()));
        self.give(answer)
            .await
            .map(|()| Json(json!({ "errMsg": "checkSession:ok" })))
    }

    async fn exchange(self, sent: Sent) -> Result<Json, HostFailure> {
        self.state.borrow_mut().sent.push(sent.clone());
        let planned = self.state.borrow_mut().responses.pop_front();
        let answer = planned.unwrap_or_else(|| {
            let (status, body) = self.server(|server| server.answer(&sent));
            http(status, body)
        });
        self.give(answer).await.map(|(status, data)| {
            let header = self.state.borrow().header.clone();
            Json(json!({ "statusCode": status, "data": data, "header": header }))
        })
    }

    async fn give<T>(&self, answer: Answer<T>) -> Result<T, HostFailure> {
        match answer {
            Answer::Never => pending().await,
            Answer::After(ms, result) => {
                self.wait(ms).await;
                result
            }
        }
    }

    fn storage_failure(api: &str) -> HostFailure {
        failure(&format!("{api}:fail the disk is full"), None)
    }
}

impl Host for World {
    type Value = Json;

    fn login(&self, timeout: Duration) -> Reply<Json> {
        self.in_time(Api::Login, timeout, self.clone().log_in())
    }

    fn check_session(&self, timeout: Duration) -> Reply<Json> {
        self.in_time(Api::CheckSession, timeout, self.clone().checked())
    }

    fn request(&self, options: Json, timeout: Duration) -> Reply<Json> {
        let sent = Sent::new(options.0["method"].as_str().unwrap(), &options);
        self.in_time(Api::Request, timeout, self.clone().exchange(sent))
    }

    fn upload(&self, options: Json, timeout: Duration) -> Reply<Json> {
        let answer = self.clone().exchange(Sent::new("UPLOAD", &options));
        self.in_time(Api::UploadFile, timeout, async {
            let mut answer = answer.await?;
            answer.0["data"] = answer.0["data"].to_string().into(); // wx gives a text
            Ok(answer)
        })
    }

    fn download(&self, options: Json, timeout: Duration) -> Reply<Json> {
        let answer = self.clone().exchange(Sent::new("DOWNLOAD", &options));
        self.in_time(Api::DownloadFile, timeout, async {
            let mut answer = answer.await?;
            let is_refusal = answer.0["statusCode"] != 200;
            answer.0["data"] = if is_refusal {
                Value::Null
            } else {
                json!({ "tempFilePath": "wxfile://1" })
            };
            Ok(answer)
        })
    }

    fn ask_app(&self, function: &'static str, given: Json, timeout: Duration) -> Reply<Json> {
        let mut state = self.state.borrow_mut();
        state.asked.push((function, given.0.clone()));
        let work = Rc::clone(&state.functions[function]);
        drop(state);
        let (work, late) = (work(given.0), self.sleep(timeout));
        Box::pin(async move {
            match select(work, late).await {
                Either::Left((reply, _)) => Ok(Json(reply)),
                Either::Right(_) => Err(failure("it does not answer", Some(5))),
            }
        })
    }

    fn storage_get(&self, key: &str) -> Result<Option<Json>, HostFailure> {
        self.called("get");
        self.storage(|storage| {
            let failed = storage.fail_get || storage.fail_gets > 0;
            storage.fail_gets = storage.fail_gets.saturating_sub(1);
            match failed {
                true => Err(World::storage_failure("getStorageSync")),
                false => Ok(storage.records.get(key).cloned().map(Json)),
            }
        })
    }

    fn storage_set(&self, key: &str, value: &Json) -> Result<(), HostFailure> {
        self.called("set");
        self.storage(|storage| {
            if storage.fail_sets_that_are_done > 0 {
                storage.fail_sets_that_are_done -= 1;
                storage.fail_gets += 1;
                storage.records.insert(key.to_owned(), value.0.clone());
                return Err(World::storage_failure("setStorageSync"));
            }
            let failed = storage.fail_set || storage.fail_sets > 0;
            storage.fail_sets = storage.fail_sets.saturating_sub(1);
            if !failed {
                storage.records.insert(key.to_owned(), value.0.clone());
                return Ok(());
            }
            if let Some(torn) = storage.torn.clone() {
                storage.records.insert(key.to_owned(), torn);
            }
            Err(World::storage_failure("setStorageSync"))
        })
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.clock())
    }

    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()> {
        let mut timer = Timer {
            world: self.clone(),
            id: None,
            at: (self.now() + time).as_ms(),
        };
        Box::pin(poll_fn(move |context| timer.poll(context.waker())))
    }

    fn is_single_page(&self) -> bool {
        self.state.borrow().single_page
    }

    /// Another fraction each time, and the same ones in each run.
    fn chance(&self) -> f64 {
        let mut state = self.state.borrow_mut();
        state.chances += 1;
        let golden = 0.618_033_988_749_895;
        let next = (f64::from(state.chances) * golden).fract();
        state.fixed_chance.unwrap_or(next)
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        self.spawner.spawn_local(work).unwrap();
    }

    fn changed(&self, change: Change<Json>) {
        let change = match change {
            Change::SignedIn(session) => format!("signed in: {}", session.user_info.0["nickName"]),
            Change::Renewed(session) => format!("renewed: {}", session.user_info.0["nickName"]),
            Change::SignedOut(because) => {
                let name = serde_json::to_value(because).unwrap();
                format!("signed out: {}", name.as_str().unwrap())
            }
            change => unreachable!("{change:?} has no test yet"),
        };
        self.state.borrow_mut().changes.push(change);
        let listener = self.state.borrow_mut().listener.take();
        if let Some(listener) = listener {
            listener();
        }
    }

    fn observed(&self, step: Step) {
        self.state.borrow_mut().steps.push((step.name, step.code));
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
