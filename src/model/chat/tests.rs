//! Tables: what is news, what is history, what is a gap.

use core::slice::from_ref;

use super::*;

fn id(text: &str) -> Id {
    Id::of(text).unwrap()
}

fn own() -> Option<Id> {
    Id::of("me")
}

fn key(text: &str) -> Key {
    Key::of(text).unwrap()
}

fn event(number: u64, author: &str) -> Rc<EventRecord> {
    Rc::new(EventRecord {
        id: key(&format!("T_{number}")),
        thread: id("T"),
        at: Micros(i64::try_from(number).unwrap()),
        number,
        author: Id::of(author),
        custom_id: None,
        body: Value::object().with(names::ID, format!("T_{number}").as_str()),
    })
}

fn opaque(name: &str, at: i64) -> Rc<EventRecord> {
    let body = Value::object().with(names::ID, name);
    Rc::new(EventRecord { id: key(name), at: Micros(at), number: 0, body, ..(*event(1, "agent")).clone() })
}

fn thread(name: &str, at: i64, events: &[Rc<EventRecord>]) -> Box<ThreadRecord> {
    let (id, at, events) = (id(name), Micros(at), events.to_vec());
    Box::new(ThreadRecord { id, at, active: true, previous: None, events })
}

fn record(last_events: &[Rc<EventRecord>]) -> ChatRecord {
    ChatRecord {
        id: id("C"),
        active: true,
        last_thread: Some((id("T"), Micros(0))),
        last_events: last_events.to_vec(),
        users: Vec::new(),
    }
}

/// A chat whose first summary ends with these events.
fn opened(last_events: &[Rc<EventRecord>]) -> Chat {
    let mut chat = Chat::new(id("C"));
    chat.summarize(&record(last_events), own(), true);
    chat
}

/// The ids of what is news in a read.
fn news(chat: &mut Chat, threads: Vec<Box<ThreadRecord>>) -> Vec<String> {
    let mut threads = threads;
    put_newest_first(&mut threads);
    chat.note_read(&threads, own());
    let events = threads.iter().rev().flat_map(|thread| &thread.events);
    let news: Vec<_> = events.filter(|event| chat.record(event, own())).collect();
    let news = news.iter().map(|event| event.body.text(names::ID).unwrap()).collect();
    chat.end_read(&threads);
    news
}

#[test]
fn an_event_is_news_once() {
    let mut chats = Chats::default();
    let chat = chats.entry(id("C"));
    for number in [5, 4, 10, 9, 100] {
        assert!(chat.record(&event(number, "agent"), own()));
        assert!(!chat.record(&event(number, "agent"), own()));
    }
    assert_eq!(chat.known.ranges(), 3, "4–5, 9–10, 100");
    assert!(chat.known.contains(key("T_9")) && !chat.known.contains(key("T_6")));
}

#[test]
fn a_summary_whose_events_are_known_is_no_reason_to_read() {
    let mut chat = opened(&[event(5, "agent"), event(3, "agent")]);
    for (last_events, is_current) in
        [(vec![5], true), (vec![5, 3], true), (vec![7], false), (vec![5, 6], false), (vec![], true)]
    {
        let events: Vec<_> = last_events.iter().map(|number| event(*number, "agent")).collect();
        assert_eq!(chat.is_current(&record(&events)), is_current, "{last_events:?}");
    }
    // As old as it may say that it is.
    let earlier = Rc::new(EventRecord { at: Micros(1), ..(*event(6, "agent")).clone() });
    assert!(!chat.is_current(&record(&[earlier])));
    chat.active = false;
    assert!(!chat.is_current(&record(&[event(5, "agent")])));
}

#[test]
fn a_push_before_the_floor_is_no_news_if_its_number_says_so() {
    let last = event(3, "agent");
    let mut chat = opened(from_ref(&last));
    assert!(chat.is_current(&record(&[last])));
    for (number, is_unplaced, is_news) in [(2, true, false), (3, false, false), (4, false, true), (5, false, true)] {
        assert_eq!(chat.is_unplaced(&event(number, "agent")), is_unplaced, "{number}");
        assert_eq!(chat.record(&event(number, "agent"), own()), is_news, "{number}");
    }
    assert!(chat.is_unplaced(&opaque("x", 9)), "no number, no place");
    // A read knows better than numbers and times.
    let read = vec![thread("T", 0, &[event(9, "agent"), event(3, "agent"), event(2, "agent"), opaque("x", -9)])];
    assert_eq!(news(&mut chat, read), ["T_2", "x"]);
    assert!(!chat.is_unplaced(&opaque("y", 9)) && chat.record(&event(1, "agent"), own()));
}

#[test]
fn a_read_is_news_behind_the_floor_whatever_its_times_and_ids_say() {
    let cases: &[(&[i64], [&str; 5])] = &[
        (&[1, 2, 3, 4, 5], ["T_1", "T_2", "T_3", "T_4", "T_5"]),
        (&[1, 2, 3, 2, 2], ["T_1", "T_2", "T_3", "T_4", "T_5"]),
        (&[1, 9, 3, -99, 3], ["T_9", "T_2", "T_7", "T_1", "T_5"]),
        (&[3, 3, 3, 3, 3], ["c", "b", "a", "e", "d"]),
        (&[5, 4, 3, 2, 1], ["U_1", "V_1", "T_1", "V_2", "U_2"]),
    ];
    for (times, ids) in cases {
        let numbered = |(name, at): (&str, i64)| {
            let number = key(name).number().filter(|_| key(name).begins_with(id("T"))).unwrap_or(0);
            Rc::new(EventRecord { number, ..(*opaque(name, at)).clone() })
        };
        let events: Vec<_> = ids.iter().copied().zip(times.iter().copied()).map(numbered).collect();
        let mut chat = opened(&[events[2].clone()]);
        assert_eq!(news(&mut chat, vec![thread("T", 4, &events)]), ids[3..], "{times:?} {ids:?}");
        assert!(news(&mut chat, vec![thread("T", 4, &events)]).is_empty(), "once");
        assert_eq!(chat.last_event.as_ref().unwrap().id, key(ids[4]), "the last of the read");
    }
}

/// The summary has the last event of each type, and does not say which of them came last.
#[test]
fn the_floor_is_the_last_of_a_summarys_events() {
    let names = ["a", "file", "b", "message", "c"];
    let events: Vec<_> = names.iter().map(|name| opaque(name, 0)).collect();
    for last_events in [[events[1].clone(), events[3].clone()], [events[3].clone(), events[1].clone()]] {
        assert_eq!(news(&mut opened(&last_events), vec![thread("T", 0, &events)]), ["c"]);
    }
}

#[test]
fn threads_are_older_than_the_floor_by_their_links_and_their_places() {
    let in_thread =
        |name: &str, thread: &str, at| Rc::new(EventRecord { thread: id(thread), ..(*opaque(name, at)).clone() });
    let floor = in_thread("floor", "T", 10);
    // Each began before the one before it; two at one time.
    let newest = thread("N", 1, &[in_thread("n", "N", 1)]);
    let newer = thread("M", 1, &[in_thread("m", "M", 1)]);
    let own = thread("T", 5, &[floor.clone(), in_thread("t", "T", 2)]);
    let older = thread("O", 20, &[in_thread("o", "O", 20)]);
    let read = || vec![newest.clone(), newer.clone(), own.clone(), older.clone()];
    assert_eq!(news(&mut opened(from_ref(&floor)), read()), ["t", "m", "n"], "as they came");
    let mut linked = vec![older.clone(), own.clone(), newest.clone(), newer.clone()];
    for (index, previous) in [(1, "O"), (2, "M"), (3, "T")] {
        linked[index].previous = Some(id(previous));
    }
    assert_eq!(news(&mut opened(from_ref(&floor)), linked), ["t", "m", "n"], "as they link");
    let mut chat = opened(&[floor]);
    assert_eq!(news(&mut chat, vec![newest.clone(), newer.clone(), own.clone()]), ["t", "m", "n"]);
    // Attached late: to a thread behind the floor, and to one before it.
    let late = |thread: &ThreadRecord, name: &str| {
        let mut late = thread.clone();
        late.events.push(Rc::new(EventRecord { thread: thread.id, ..(*opaque(name, 0)).clone() }));
        Box::new(late)
    };
    let read = vec![newest, late(&newer, "late"), own, late(&older, "never")];
    assert_eq!(news(&mut chat, read), ["late"]);
    assert_eq!(chat.last_event.as_ref().unwrap().id, key("n"));
}

#[test]
fn a_floor_that_is_gone_leaves_what_is_known_then_numbers_then_times() {
    let gone = event(3, "agent");
    let mut later = (*event(4, "agent")).clone();
    later.at = Micros(1);
    let numbered = [event(1, "agent"), event(2, "agent"), Rc::new(later), event(5, "agent")];
    assert_eq!(news(&mut opened(from_ref(&gone)), vec![thread("T", 0, &numbered)]), ["T_4", "T_5"], "numbers");
    let timed = [opaque("a", 1), opaque("b", 3), opaque("c", 4), opaque("d", 2)];
    assert_eq!(news(&mut opened(from_ref(&gone)), vec![thread("T", 0, &timed)]), ["c"], "times");
    let mut chat = opened(&[opaque("gone", 3)]);
    let read = [timed[0].clone(), timed[1].clone(), opaque("gone", 3)];
    assert!(news(&mut chat, vec![thread("T", 0, &read)]).is_empty());
    let read = [timed[0].clone(), timed[1].clone(), opaque("back", 0), opaque("e", 9)];
    assert_eq!(news(&mut chat, vec![thread("T", 0, &read)]), ["back", "e"], "what is known");
    // Its whole thread is gone.
    let mut chat = opened(&[gone]);
    let other = |name: &str, at| thread(name, at, &[opaque(name, at)]);
    assert_eq!(news(&mut chat, vec![other("new", 9), other("old", 2)]), ["new"]);
}

#[test]
fn numbers_that_count_nothing_leave_nothing_out() {
    let mut chat = opened(&[event(3, "agent")]);
    assert!(!chat.leaves_out(&event(4, "agent")) && chat.leaves_out(&event(6, "agent")));
    assert!(!chat.leaves_out(&event(6, "agent")), "asked once");
    assert!(!chat.leaves_out(&opaque("x", 9)));
    let holes: Vec<_> = [3, 4, 6, 9].iter().map(|number| event(*number, "agent")).collect();
    news(&mut chat, vec![thread("T", 0, &holes)]);
    assert!(chat.leaves_out(&event(11, "agent")), "holes are normal");
    for numbers in [[3, 900, 4, 12], [3, 1_003, 2_003, 3_003]] {
        let mut chat = opened(&[event(3, "agent")]);
        let events: Vec<_> = numbers.iter().map(|number| event(*number, "agent")).collect();
        news(&mut chat, vec![thread("T", 0, &events)]);
        assert!(!chat.leaves_out(&event(5_000, "agent")), "{numbers:?}");
    }
}

#[test]
fn unread_counts_others_after_the_mark() {
    let mut chats = Chats::default();
    let chat = chats.entry(id("C"));
    let unread = |chat: &Chat| chat.snapshot().get(names::UNREAD_COUNT).as_number();
    chat.note_user(Value::object().with(names::ID, "me"), own());
    chat.record(&event(1, "agent"), own());
    chat.record(&event(2, "agent"), own());
    assert_eq!(unread(chat), Some(2.0));
    assert!(chat.see(id("me"), &Value::from("1970-01-01T00:00:00.000001Z"), own()));
    assert_eq!(unread(chat), Some(1.0));
    assert!(!chat.see(id("me"), &Value::from("1970-01-01T00:00:00.000000Z"), own()), "marks only grow");
    chat.record(&event(3, "me"), own());
    assert_eq!(unread(chat), Some(0.0));
    // A read counts what it shows once, though it is older than its thread.
    chat.record(&event(9, "agent"), own());
    assert!(news(chat, vec![thread("T", 100, &[event(9, "agent")])]).is_empty());
    assert_eq!(unread(chat), Some(1.0));
    chat.remove(key("T_9"));
    assert_eq!(unread(chat), Some(0.0), "what is deleted cannot be read");
}

#[test]
fn what_there_is_no_room_for_is_a_gap() {
    let mut chats = Chats::default();
    let chat = chats.entry(id("C"));
    let mut events = Vec::new();
    for number in 1..=5_000 {
        events.push(event(number, "agent"));
    }
    // An older thread, read later, is forgotten first.
    let old = Rc::new(EventRecord { id: key("O_1"), thread: id("O"), at: Micros(0), ..(*events[0]).clone() });
    for event in &events {
        chat.record(event, own());
    }
    let read = |events: &[Rc<EventRecord>]| vec![thread("T", 1, events)];
    chat.note_complete();
    chat.show(&old);
    assert!(chat.changes(&read(&events)[0]).is_empty());
    assert!(chat.gap(&read(&events)).is_none(), "only the other thread's was forgotten");
    events.push(event(5_001, "agent"));
    chat.record(&events[5_000], own());
    let (from, to) = chat.gap(&read(&events)).unwrap();
    assert_eq!(from, events[0].body.get(names::CREATED_AT_));
    assert_eq!(to, Value::from_time(Micros(500)));
    assert!(chat.has_shown() && chat.changes(&read(&events)[0]).is_empty());
    events.remove(4_000);
    assert_eq!(chat.changes(&read(&events)[0]).len(), 1, "what is remembered is compared");
}
