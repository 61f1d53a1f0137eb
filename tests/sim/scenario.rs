//! A run by a seed: pages call everything at any time, while everything around them goes wrong.

use std::rc::Rc;

use weapp_login::Config;

use crate::calls::Kind;
use crate::chance::Chance;
use crate::law::Law;
use crate::ledger::{Breach, COPIES};
use crate::server::{Dialect, LaterId, Rotation, WEIXIN_USERS};
use crate::value::Value;
use crate::world::{Event, Life, State, World};

/// How a run went.
pub struct Report {
    pub breach: Option<Breach>,
    pub trace: Vec<String>,
    pub calls: usize,
}

impl Report {
    pub fn of(world: &World) -> Self {
        world.with(|state| Report {
            breach: state.ledger.breach.take(),
            trace: state.trace.take().unwrap_or_default(),
            calls: state.ledger.calls.len(),
        })
    }
}

thread_local! {
    static CONFIGS: [[Rc<Config<Value>>; 3]; 3] =
        CHECKS.map(|check| PLACES.map(|places| World::config(check, places)));
}
const CHECKS: [&str; 3] = ["foreground", "always", "never"];
/// How many requests may be under way at a time.
const PLACES: [u32; 3] = [1, 2, 9];

/// Plays the run of a seed; with a trace of it, if wanted.
pub fn play(seed: u64, trace: bool) -> Report {
    let mut chance = Chance::from_seed(seed);
    let dialect = Dialect {
        ids: chance.odds(80),
        tells_expiry: chance.odds(70),
        http_401: chance.odds(20),
        life_s: chance.one_of(&[30, 300, 7_200]),
        life_is_shorter: chance.odds(20),
        no_info: chance.odds(15),
        sticky: chance.one_of(&[None, None, None, None, Some(false), Some(true)]),
        echoes: chance.odds(25),
        later_id: chance.one_of(&[LaterId::Same, LaterId::Text, LaterId::Another]),
        single_page: chance.odds(2),
        refresh: None,
        rolls: chance.odds(15),
    };
    // Who gets the same token at each login has no use for another.
    let plain = dialect.sticky.is_none();
    let dialect = Dialect {
        refresh: chance
            .one_of(&[
                None,
                None,
                None,
                Some(Rotation::Keeps),
                Some(Rotation::AtOnce),
                Some(Rotation::WhenUsed),
            ])
            .filter(|_| plain),
        rolls: dialect.rolls && plain,
        ..dialect
    };
    let clients = if chance.odds(25) { COPIES } else { 1 };
    let which = chance.pick(CHECKS.len());
    let places = chance.pick(PLACES.len());
    let config = CONFIGS.with(|configs| Rc::clone(&configs[which][places]));
    let world = World::new(chance, dialect, trace);
    world.with(|state| {
        state.places = PLACES[places];
        state.always_checks = CHECKS[which] == "always";
        state.storm = state.chance.odds(5);
        state.faults = state.chance.one_of(&[0, 5, 20, 60]);
        state.disk.faults = state.chance.one_of(&[0, 0, 0, 10, 50]);
        state.disk.power_losses = state.chance.one_of(&[0, 0, 0, 5]);
        state.disk.unreadable = state.chance.odds(5);
        state.disk.reliable = clients > 1;
        state.callbacks = state.chance.one_of(&[0, 0, 20]);
        if state.chance.odds(10) {
            state.disk.put(Some("[object Object]".into()));
        }
        state.after(0, Event::Act);
    });
    let acts = world.with(|state| {
        let most = if state.storm { 40 } else { 20 };
        state.chance.between(3, most)
    });
    Run {
        life: Some(world.launch(&config, clients)),
        world: world.clone(),
        config,
        clients,
        acts,
    }
    .play();
    Report::of(&world)
}

struct Run {
    world: World,
    config: Rc<Config<Value>>,
    clients: usize,
    life: Option<Life>,
    acts: u64,
}

impl Run {
    fn play(&mut self) {
        while let Some(event) = self.world.next_event() {
            match event {
                Event::Wake(sleeper) => drop(sleeper.send(())),
                Event::Arrive(op, fate) => self.world.with(|state| state.arrive(op, fate)),
                Event::Answer(op) => {
                    if let Some(answer) = self.world.with(|state| state.take_answer(op)) {
                        self.world.deliver(op, answer);
                    }
                }
                Event::Act => self.act(),
            }
            self.let_the_app_run();
            if self.world.with(|state| state.ledger.breach.is_some()) {
                return;
            }
        }
        self.world.with(|state| {
            if state.ledger.under_way(|_| true) {
                state
                    .ledger
                    .broken(Law::EveryCallSettles, || "a call never settles".into());
            }
        });
    }

    fn let_the_app_run(&mut self) {
        if let Some(life) = &mut self.life {
            life.run();
        }
        while self.world.with(|state| state.dark) {
            self.restart();
        }
    }

    fn restart(&mut self) {
        self.life = None; // every future is dropped before the next life begins
        self.life = Some(self.world.launch(&self.config, self.clients));
    }

    fn act(&mut self) {
        let what = self.world.with(|state| state.chance.between(0, 99));
        match what {
            0..60 => self.call(1),
            60..72 => self.call(3),
            72..80 => self.revoke(),
            80..84 => self.jump(),
            84..88 => self.restart(),
            88..90 => self.change_user(),
            90..93 => self.foreground(),
            93..94 => self.world.with(State::clear_storage),
            94..96 => self.world.with(|state| {
                state.log(|| "WeChat's session_key is over".into());
                state.server.key_over = true;
                state.ledger.excuses += 1;
            }),
            96..97 => self.world.with(|state| {
                let unreadable = !state.disk.unreadable;
                state.disk.unreadable = unreadable;
                state.log(|| format!("the storage is unreadable: {unreadable}"));
            }),
            _ => self.world.with(|state| {
                state.disk.full = state.chance.odds(30);
                state.faults = state.chance.one_of(&[0, 5, 20, 60]);
            }),
        }
        self.acts -= 1;
        if self.acts > 0 {
            self.world.with(|state| {
                let pause = match state.chance.between(0, 99) {
                    _ if state.storm => state.chance.between(0, 40),
                    0..30 => state.chance.between(0, 20),
                    30..80 => state.chance.between(20, 1_000),
                    80..95 => state.chance.between(1_000, 40_000),
                    _ => state.chance.between(40_000, 8_000_000),
                };
                state.after(pause, Event::Act);
            });
        }
    }

    fn call(&self, times: u64) {
        let kind = self.world.with(|state| Kind::any(&mut state.chance));
        let world = self.world.of_copy(self.any_client());
        for _ in 0..times {
            world.begin(kind);
        }
    }

    fn any_client(&self) -> usize {
        self.world.with(|state| state.chance.pick(self.clients))
    }

    /// The app comes to the foreground, for all clients.
    fn foreground(&self) {
        for copy in 0..self.clients {
            let world = self.world.of_copy(copy);
            world.with(|state| state.comes_to_foreground(copy));
            if let Some(client) = world.client() {
                client.foreground();
            }
        }
    }

    fn revoke(&self) {
        self.world.with(|state| {
            let (weixin, account) =
                state
                    .chance
                    .one_of(&[(true, true), (true, false), (false, true)]);
            let for_good = state.chance.odds(30);
            state.log(|| {
                format!(
                    "tokens are revoked: WeChat {weixin}, account {account}, for good {for_good}"
                )
            });
            state.server.revoke(weixin, account, for_good);
        });
    }

    /// The device's clock is set ahead or back.
    fn jump(&self) {
        self.world.with(|state| {
            let ms = state.chance.one_of(&[1_500.0, 60_000.0, 7_200_000.0, 1e10]);
            let ahead = state.chance.odds(50);
            state.jump(if ahead { ms } else { -ms });
        });
    }

    /// Another person takes the phone, with a WeChat of their own.
    fn change_user(&self) {
        self.world.with(|state| {
            if state.server.dialect.ids {
                state.server.phone_user = state.chance.one_of(&WEIXIN_USERS);
                state.log(|| "another user".into());
            }
        });
    }
}
