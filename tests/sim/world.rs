//! The phone and everything around it: one queue of events, one true clock, and a device's clock that may be wrong.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::pending;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::channel::oneshot;
use futures::executor::{LocalPool, LocalSpawner};
use futures::future::{Either, LocalBoxFuture, select};
use futures::task::LocalSpawnExt;
use weapp_login::{
    Api, Change, Config, Host, HostFailure, LoginClient, Primitives, Reply, Session, Step,
    Timestamp, ms_of,
};

use crate::calls::Kind;
use crate::chance::Chance;
use crate::disk::{Disk, End, token_of};
use crate::ledger::{COPIES, Ledger};
use crate::network::{Answer, Fate, Op};
use crate::server::{Dialect, Server};
use crate::value::{Value, object};

pub const BASE: &str = "https://shop.example/wx/";
/// The device's clock at the beginning, in ms since 1970.
const START: f64 = 1_800_000_000_000.0;

/// What the server speaks beside the reference backend's dialect.
const REFRESHING: &str = r#"{
    "token": { "at": "data.token", "header": "X-Litemall-Token", "refresh": "data.refresh" },
    "refresh": { "url": "auth/refresh", "send": { "refresh": "$refresh" } },
    "renewed": { "at": "renewed" }
}"#;

/// How long a host waits for `wx` after its timeout.
const GRACE: Duration = Duration::from_secs(1);

pub type Client = LoginClient<World>;

pub enum Event {
    Wake(oneshot::Sender<()>),
    /// A call of the host reaches whom it is for.
    Arrive(usize, Fate),
    /// Its answer comes back.
    Answer(usize),
    /// The scenario goes on.
    Act,
}

pub struct State {
    pub chance: Chance,
    /// The true time, in ms.
    pub now: u64,
    /// How wrong the device's clock is, in ms.
    pub skew: f64,
    /// Counts what happens, so that any two things can be put in order.
    pub order: u64,
    queue: BTreeMap<(u64, u64), Event>,
    pub ops: Vec<Op>,
    pub disk: Disk,
    pub server: Server,
    pub ledger: Ledger,
    /// How many calls of the host go wrong, in percent.
    pub faults: u64,
    /// How many listeners call back, in percent.
    pub callbacks: u64,
    /// Everything happens within moments.
    pub storm: bool,
    /// The power is gone: nothing that still runs has any effect.
    pub dark: bool,
    /// How many requests of a client may be under way at a time.
    pub places: u32,
    /// `checkLogin` asks each time.
    pub always_checks: bool,
    /// A client is being looked at: no question of its own counts.
    peeking: bool,
    /// The latest text that anybody got to see; kept for its memory.
    pub shown: String,
    pub trace: Option<Vec<String>>,
}

impl State {
    pub fn next_place(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    pub fn after(&mut self, ms: u64, event: Event) {
        let place = self.next_place();
        self.queue.insert((self.now + ms, place), event);
    }

    pub fn log(&mut self, line: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{now:>9} {}", line()));
        }
    }

    pub fn device_clock(&self) -> f64 {
        START + self.now as f64 + self.skew
    }
}

/// A handle to the world; the host of one of the clients.
#[derive(Clone)]
pub struct World {
    state: Rc<RefCell<State>>,
    app: Rc<RefCell<Option<App>>>,
    copy: usize,
}

/// What runs on the phone until it is killed.
struct App {
    clients: Vec<Weak<Client>>,
    spawner: LocalSpawner,
}

/// One life of the app: dropping it is what the system does when it kills an app.
pub struct Life {
    world: World,
    pool: LocalPool,
    clients: Vec<Rc<Client>>,
}

impl World {
    pub fn new(chance: Chance, dialect: Dialect, trace: bool) -> Self {
        let state = State {
            chance,
            now: 0,
            skew: 0.0,
            order: 0,
            queue: BTreeMap::new(),
            ops: Vec::with_capacity(32),
            disk: Disk::default(),
            server: Server::new(dialect),
            ledger: Ledger::default(),
            faults: 0,
            callbacks: 0,
            storm: false,
            dark: false,
            places: 9,
            always_checks: false,
            peeking: false,
            shown: String::with_capacity(256),
            trace: trace.then(Vec::new),
        };
        World {
            state: Rc::new(RefCell::new(state)),
            app: Rc::default(),
            copy: 0,
        }
    }

    /// Looks at the state, or changes it. Not to be held while the client runs.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.borrow_mut())
    }

    /// Starts the app, with so many clients of one storage key; the life before must be over.
    pub fn launch(&self, config: &Rc<Config<Value>>, clients: usize) -> Life {
        self.with(|state| {
            state.dark = false;
            let now = state.now;
            state.ledger.new_life(now);
            state.log(|| "the app starts".into());
        });
        let pool = LocalPool::new();
        *self.app.borrow_mut() = Some(App {
            clients: Vec::new(),
            spawner: pool.spawner(),
        });
        let mut life = Life {
            pool,
            clients: Vec::new(),
            world: self.clone(),
        };
        for copy in 0..clients {
            let client = LoginClient::new(Rc::clone(config), self.of_copy(copy));
            if let Some(app) = &mut *self.app.borrow_mut() {
                app.clients.push(Rc::downgrade(&client));
            }
            life.clients.push(client);
        }
        self.inspect();
        life
    }

    /// The same world, as another client sees it.
    pub fn of_copy(&self, copy: usize) -> Self {
        World {
            copy,
            ..self.clone()
        }
    }

    pub fn copy(&self) -> usize {
        self.copy
    }

    pub fn clients(&self) -> usize {
        self.app
            .borrow()
            .as_ref()
            .map_or(0, |app| app.clients.len())
    }

    /// The client whose host this is.
    pub fn client(&self) -> Option<Rc<Client>> {
        self.app
            .borrow()
            .as_ref()?
            .clients
            .get(self.copy)?
            .upgrade()
    }

    /// What a client has in its memory, without leading it to the storage: it is within the second for which it needs none.
    pub fn peek(&self, client: &Client) -> Option<Rc<Session<Value>>> {
        self.with(|state| state.peeking = true);
        let session = client.session();
        self.with(|state| state.peeking = false);
        session
    }

    pub fn spawn_task(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(app) = &*self.app.borrow() {
            app.spawner.spawn_local(work).unwrap();
        }
    }

    /// Takes the next event that somebody waits for, and moves the clock to it.
    pub fn next_event(&self) -> Option<Event> {
        self.with(|state| {
            loop {
                let ((at, _), event) = state.queue.pop_first()?;
                if let Event::Wake(sleeper) = &event
                    && sleeper.is_canceled()
                {
                    continue;
                }
                state.now = state.now.max(at);
                return Some(event);
            }
        })
    }

    /// Checks what can be seen from outside at any moment.
    pub fn inspect(&self) {
        for copy in 0..COPIES {
            let world = self.of_copy(copy);
            if let Some(client) = world.client() {
                let session = world.peek(&client);
                self.with(|state| state.check_session(copy, session.as_deref()));
            }
        }
        let clients = self.clients();
        self.with(|state| state.check_disk(clients));
    }

    /// Delivers an answer, if anybody still waits for it.
    pub fn deliver(&self, op: usize, answer: Answer) {
        self.with(|state| state.check_answer(op, &answer));
        let waiting = self.with(|state| state.ops[op].answer_to.take());
        if let Some(waiting) = waiting {
            let _ = waiting.send(answer); // gone if the client no longer waits
        }
    }

    pub fn begin(&self, kind: Kind) {
        crate::calls::begin(self, kind);
    }
}

impl Life {
    /// Lets the app do whatever it can do now.
    pub fn run(&mut self) {
        self.pool.run_until_stalled();
        self.world.inspect();
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.world.with(|state| state.dark = true);
        *self.world.app.borrow_mut() = None;
        self.pool = LocalPool::new();
        // A login under way owns the client that it belongs to: without this, it would live for ever.
        for client in &self.clients {
            drop(client.clone().logout());
        }
    }
}

fn storage_failure() -> HostFailure {
    HostFailure {
        err_msg: "setStorageSync:fail".into(),
        errno: None,
    }
}

impl Host for World {
    type Value = Value;

    fn login(&self, timeout: Duration) -> Reply<Value> {
        self.call(Api::Login, object([]), timeout)
    }

    fn check_session(&self, timeout: Duration) -> Reply<Value> {
        self.call(Api::CheckSession, object([]), timeout)
    }

    fn request(&self, options: Value, timeout: Duration) -> Reply<Value> {
        self.call(Api::Request, options, timeout)
    }

    fn upload(&self, options: Value, timeout: Duration) -> Reply<Value> {
        self.call(Api::UploadFile, options, timeout)
    }

    fn download(&self, options: Value, timeout: Duration) -> Reply<Value> {
        self.call(Api::DownloadFile, options, timeout)
    }

    fn ask_app(&self, _function: &'static str, _given: Value, _timeout: Duration) -> Reply<Value> {
        unreachable!("the dialects of the simulation have no functions")
    }

    fn storage_get(&self, _key: &str) -> Result<Option<Value>, HostFailure> {
        self.with(|state| {
            if state.dark || state.peeking {
                return Err(storage_failure());
            }
            let record = state.disk.get(&mut state.chance);
            state.log(|| format!("client {} reads: {record:?}", self.copy));
            state.storage_read(self.copy, record.is_ok());
            record.map_err(|()| storage_failure())
        })
    }

    fn storage_set(&self, _key: &str, value: &Value) -> Result<(), HostFailure> {
        self.change_storage(Some(value.clone()))
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.with(|state| match state.peeking {
            true => state.ledger.copies[self.copy].read_clock,
            false => state.device_clock(),
        }))
    }

    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()> {
        let (wake, woken) = oneshot::channel();
        self.with(|state| state.after(ms_of(time).ceil() as u64, Event::Wake(wake)));
        Box::pin(async move {
            if woken.await.is_err() {
                pending().await
            }
        })
    }

    fn is_single_page(&self) -> bool {
        self.with(|state| state.server.dialect.single_page)
    }

    fn chance(&self) -> f64 {
        self.with(|state| state.chance.between(0, 1_000_000) as f64 / 1e6)
    }

    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        self.spawn_task(work);
    }

    fn changed(&self, change: Change<Value>) {
        let client = self.client();
        let session = client.as_ref().and_then(|client| self.peek(client));
        self.with(|state| {
            state.log(|| format!("client {} tells of a change: {change:?}", self.copy));
            state.check_change(self.copy, &change, session.is_some());
        });
        self.inspect();
        let callback = self.with(|state| {
            state
                .chance
                .odds(state.callbacks)
                .then(|| Kind::any(&mut state.chance))
        });
        if let (Some(kind), Some(_)) = (callback, client) {
            self.begin(kind);
        }
    }

    fn observed(&self, step: Step) {
        self.with(|state| {
            state.log(|| format!("client {} tells of a step: {step:?}", self.copy));
            state.check_step(self.copy, &step);
        });
    }
}

impl World {
    fn call(&self, api: Api, options: Value, timeout: Duration) -> Reply<Value> {
        let answer = self.with(|state| {
            if state.dark {
                None
            } else {
                Some(state.send(self.copy, api, options))
            }
        });
        let late = self.sleep(timeout + GRACE);
        Box::pin(async move {
            let answer = pin!(async {
                match answer {
                    Some(answer) => match answer.await {
                        Ok(answer) => answer,
                        Err(_) => pending().await,
                    },
                    None => pending().await,
                }
            });
            match select(answer, late).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => Err(HostFailure::timeout(api)),
            }
        })
    }

    fn change_storage(&self, to: Option<Value>) -> Result<(), HostFailure> {
        self.with(|state| {
            if state.dark {
                return Err(storage_failure());
            }
            state.check_write(self.copy, to.as_ref());
            let record = state.trace.is_some().then(|| to.clone());
            let token = to.as_ref().and_then(token_of);
            let token = token.and_then(|token| state.server.token(&token));
            let end = state.disk.change(to, state.now, &mut state.chance);
            state.log(|| format!("client {} writes {record:?}: {end:?}", self.copy));
            state.storage_written(self.copy, token, end);
            match end {
                End::Done => {}
                End::PowerLoss(_) => state.dark = true,
                End::Failed | End::Torn | End::FailedButDone => return Err(storage_failure()),
            }
            Ok(())
        })
    }

    /// A configuration for the whole run.
    pub fn config(session_check: &str, places: u32) -> Rc<Config<Value>> {
        let mut dialect =
            Value::from_json(include_str!("../../src/dialect/reference.json")).unwrap();
        let refreshing = Value::from_json(REFRESHING).unwrap();
        for (slot, value) in refreshing.fields() {
            dialect.set(slot, value.clone());
        }
        Config::new(&object([
            ("baseUrl", BASE.into()),
            ("sessionCheck", session_check.into()),
            ("maxParallel", f64::from(places).into()),
            ("dialect", dialect),
        ]))
        .unwrap()
    }
}
