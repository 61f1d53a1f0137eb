//! What every implementation of payloads has to do, whatever its values are made of.

use weapp_login::{Payload, Timestamp};

fn json<V: Payload>(text: &str) -> V {
    V::from_json(text).unwrap_or_else(|| unreachable!("{text} is JSON"))
}

fn keys<V: Payload>(value: &V) -> Vec<String> {
    let mut keys = value.keys();
    keys.sort();
    keys
}

/// All of it.
pub fn conforms<V: Payload>() {
    texts_and_numbers_are_told_apart::<V>();
    fields_are_read_and_set::<V>();
    only_objects_have_fields::<V>();
    only_arrays_have_items::<V>();
    only_json_is_read::<V>();
    instants_have_a_zone::<V>();
    the_second_wins_in_a_merger::<V>();
    a_copy_shares_nothing::<V>();
    a_header_is_copied::<V>();
    a_text_is_encoded::<V>();
    what_is_the_same_is_equal::<V>();
}

fn texts_and_numbers_are_told_apart<V: Payload>() {
    let text = V::text("𠮷 7");
    assert_eq!(
        (text.as_text().as_deref(), text.as_number()),
        (Some("𠮷 7"), None)
    );
    let number = V::number(7.5);
    assert_eq!((number.as_text(), number.as_number()), (None, Some(7.5)));
    assert_eq!(V::text("").as_text().as_deref(), Some(""));
    for neither in ["[]", "{}"] {
        let neither: V = json(neither);
        assert_eq!((neither.as_text(), neither.as_number()), (None, None));
    }
}

fn fields_are_read_and_set<V: Payload>() {
    let mut object: V = json(r#"{"a":1,"none":null,"empty":""}"#);
    assert_eq!(object.number_at("a"), Some(1.0));
    assert!(object.get("none").is_none() && object.get("missing").is_none());
    assert_eq!(object.text_at("empty").as_deref(), Some(""));
    assert_eq!(object.full_text_at("empty"), None);
    object.set_text("b", "x");
    object.set_number("a", 2.0);
    object.set("inner", V::object());
    assert_eq!(keys(&object), ["a", "b", "empty", "inner", "none"]);
    assert_eq!(
        (object.number_at("a"), object.text_at("b").as_deref()),
        (Some(2.0), Some("x"))
    );
    assert!(object.object_at("inner").is_some() && object.object_at("a").is_none());
}

fn only_objects_have_fields<V: Payload>() {
    assert!(V::object().is_object() && V::object().keys().is_empty());
    for other in ["[]", "[1]", "7", r#""length""#] {
        let mut other: V = json(other);
        assert!(!other.is_object());
        assert!(other.get("a").is_none());
        other.set_text("a", "x");
        assert!(other.get("a").is_none());
        assert!(other.merged(&V::object()).keys().is_empty());
    }
    assert!(V::text("text").keys().is_empty() && V::number(7.0).keys().is_empty());
}

fn only_arrays_have_items<V: Payload>() {
    assert_eq!(json::<V>("[]").items().map(|items| items.len()), Some(0));
    let items = json::<V>(r#"[1,"x",[]]"#).items();
    let items = items.unwrap_or_else(|| unreachable!("an array has items"));
    assert_eq!(
        (items[0].as_number(), items[1].as_text().as_deref()),
        (Some(1.0), Some("x"))
    );
    assert!(items[2].items().is_some() && items.len() == 3);
    for other in ["{}", r#"{"length":1,"0":1}"#, r#""text""#, "7"] {
        assert!(json::<V>(other).items().is_none(), "{other}");
    }
    assert_eq!(json::<V>(r#"{"a":3000000000}"#).integer_at("a"), None);
}

fn only_json_is_read<V: Payload>() {
    for other in ["", "{", "<html>", "undefined", "{'a':1}"] {
        assert!(V::from_json(other).is_none(), "{other}");
    }
}

fn instants_have_a_zone<V: Payload>() {
    let instant = |text| V::instant(text).map(Timestamp::as_ms);
    for text in [
        "2027-01-15T10:00:00Z",
        "2027-01-15T18:00:00+08:00",
        "2027-01-15T18:00:00.000+08:00",
    ] {
        assert_eq!(instant(text), Some(1_800_007_200_000.0), "{text}");
    }
    for text in ["", "soon", "2027-13-45T10:00:00Z"] {
        assert_eq!(instant(text), None, "{text}");
    }
}

fn the_second_wins_in_a_merger<V: Payload>() {
    let first: V = json(r#"{"a":1,"b":1}"#);
    let merged = first.merged(&json(r#"{"b":2,"c":2}"#));
    assert_eq!(
        ["a", "b", "c"].map(|key| merged.number_at(key)),
        [Some(1.0), Some(2.0), Some(2.0)]
    );
    assert_eq!(first.number_at("b"), Some(1.0));
    let mut same = first.merged(&V::text("no object"));
    same.set_number("a", 5.0);
    assert_eq!((first.number_at("a"), same.keys().len()), (Some(1.0), 2));
}

fn a_copy_shares_nothing<V: Payload>() {
    let original: V = json(r#"{"inner":{"list":[{"a":1}]},"text":"x","none":null}"#);
    let copy = original.copy();
    let deep = |value: &V| {
        value
            .object_at("inner")?
            .get("list")?
            .items()?
            .first()?
            .number_at("a")
    };
    if let Some(mut inner) = copy.object_at("inner") {
        inner.set_number("new", 1.0);
    }
    assert_eq!((deep(&original), deep(&copy)), (Some(1.0), Some(1.0)));
    assert!(
        original
            .object_at("inner")
            .is_some_and(|inner| inner.get("new").is_none())
    );
    assert_eq!(keys(&copy), keys(&original));
    assert_eq!(V::text("x").copy().as_text().as_deref(), Some("x"));
}

fn a_header_is_copied<V: Payload>() {
    let options: V = json(
        r#"{"url":"a","header":{"x-token":"old","X-Token":"older","none":null,"Accept":"*/*"}}"#,
    );
    let header = options.header();
    assert_eq!(header.keys().len(), 3); // what is null is not sent
    let without = header.without("X-TOKEN");
    assert_eq!(keys(&without), ["Accept"]);
    let changed = options.with_header(without);
    assert_eq!(changed.text_at("url").as_deref(), Some("a"));
    assert_eq!(
        (changed.header().keys().len(), options.header().keys().len()),
        (1, 3)
    );
    assert!(V::object().header().keys().is_empty());
}

fn a_text_is_encoded<V: Payload>() {
    assert_eq!(V::encoded("a b&c=茶/$"), "a%20b%26c%3D%E8%8C%B6%2F%24");
}

fn what_is_the_same_is_equal<V: Payload>() {
    assert!(V::text("7").is(&V::text("7")) && V::number(7.0).is(&V::number(7.0)));
    assert!(!V::text("7").is(&V::number(7.0)) && !V::number(7.0).is(&V::text("7")));
    assert!(!V::text("7").is(&V::text("8")) && !V::number(7.0).is(&V::number(8.0)));
    assert!(!V::object().is(&V::object()));
}
