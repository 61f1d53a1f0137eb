//! Small scopes, exhaustively: two calls, a logout and the end of the token, in every order, with every call of the host
//! ending well or badly.

use std::rc::Rc;

use weapp_login::Config;

use crate::calls::Kind;
use crate::chance::{Chance, Choices};
use crate::law::Law;
use crate::scenario::Report;
use crate::server::Dialect;
use crate::value::Value;
use crate::world::{Event, Life, World};

#[derive(Clone, Copy, Debug)]
pub struct Scope {
    pub calls: [Kind; 2],
    /// The device's clock has seen the token's end, too.
    pub by_the_clock: bool,
    /// How the host's requests end badly: with this status, or else with a lost answer.
    pub bad_status: Option<u16>,
    pub storage_fails: bool,
}

#[derive(Clone, Copy)]
enum Next {
    Call(Kind),
    TokenEnds,
    Answer(usize, bool),
}

/// Plays every schedule of a scope and gives how many there were; stops at the first that breaks a law.
pub fn play_all(scope: Scope) -> (usize, Option<Report>) {
    let mut count = 0;
    let config = World::config("foreground", 9);
    let mut next = Some(Choices::default());
    while let Some(choices) = next {
        count += 1;
        let (report, choices) = play(scope, &config, choices, false);
        if report.breach.is_some() {
            return (count, Some(play(scope, &config, choices.again(), true).0));
        }
        next = choices.successor();
    }
    (count, None)
}

fn play(
    scope: Scope,
    config: &Rc<Config<Value>>,
    choices: Choices,
    trace: bool,
) -> (Report, Choices) {
    let world = World::new(Chance::Every(choices), Dialect::plain(), trace);
    let mut life = world.launch(config, 1);
    sign_in(&world, &mut life);
    world.with(|state| state.disk.faults = u64::from(scope.storage_fails));
    let [one, other] = scope.calls.map(Next::Call);
    let mut acts = vec![Next::TokenEnds, one, other, Next::Call(Kind::Logout)];
    loop {
        step(&world, scope, &mut acts, &mut life);
        let broken = world.with(|state| state.ledger.breach.is_some());
        if broken || !goes_on(&world, &acts, &mut life) {
            break;
        }
    }
    world.with(|state| {
        if state.ledger.under_way(|_| true) {
            state
                .ledger
                .broken(Law::EveryCallSettles, || "a call never settles".into());
        }
    });
    let report = Report::of(&world);
    let Chance::Every(choices) =
        world.with(|state| std::mem::replace(&mut state.chance, Chance::from_seed(0)))
    else {
        unreachable!()
    };
    (report, choices)
}

fn sign_in(world: &World, life: &mut Life) {
    world.begin(Kind::Bare);
    life.run();
    while let Some(op) = open_ops(world).first().copied() {
        answer(world, op, true, None);
        life.run();
    }
}

fn open_ops(world: &World) -> Vec<usize> {
    world.with(|state| {
        (0..state.ops.len())
            .filter(|op| state.ops[*op].live())
            .collect()
    })
}

fn answer(world: &World, op: usize, well: bool, bad_status: Option<u16>) {
    let good = world.with(|state| state.take_answer(op));
    let bad = || world.with(|state| state.bad_answer(op, bad_status));
    world.deliver(op, good.filter(|_| well).unwrap_or_else(bad));
}

fn step(world: &World, scope: Scope, acts: &mut Vec<Next>, life: &mut Life) {
    let mut enabled = acts.clone();
    for op in open_ops(world) {
        enabled.push(Next::Answer(op, true));
        // Whether the server hears of a logout makes no difference.
        if world.with(|state| state.ops[op].path != "auth/logout") {
            enabled.push(Next::Answer(op, false));
        }
    }
    if enabled.is_empty() {
        return;
    }
    let chosen = world.with(|state| state.chance.pick(enabled.len()));
    if chosen < acts.len() {
        acts.remove(chosen);
    }
    world.with(|state| state.now += 1);
    match enabled[chosen] {
        Next::Call(kind) => world.begin(kind),
        Next::TokenEnds => world.with(|state| {
            state.log(|| "the token ends".into());
            state.server.revoke(true, true, true);
            if scope.by_the_clock {
                state.jump(7_200_000.0);
            }
        }),
        Next::Answer(op, well) => answer(world, op, well, scope.bad_status),
    }
    life.run();
}

/// Whether there is still something to choose; time passes only if there is not.
fn goes_on(world: &World, acts: &[Next], life: &mut Life) -> bool {
    while acts.is_empty() && open_ops(world).is_empty() {
        match world.next_event() {
            Some(Event::Wake(sleeper)) => drop(sleeper.send(())),
            Some(_) => {}
            None => return false,
        }
        life.run();
    }
    true
}
