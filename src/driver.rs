//! The one loop that owns a session and the platform.
//!
//! Whatever happens becomes an input; then outputs are performed one by one until there are none. No borrow of the
//! session is held while one is performed, so a listener may call back in: its input is handled at once, its outputs
//! join the queue, and the loop that is already running performs them.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{Calls, Emitter};
use crate::json::{Name, Value, join, names};
use crate::model::{ChatError, Config, check};
use crate::platform::answer::Answer;
use crate::platform::clock::{self, Alarm};
use crate::platform::page::{Sign, Watch};
use crate::platform::providers::Providers;
use crate::platform::socket::{Report, Socket};
use crate::platform::store::Store;
use crate::platform::upload::Upload;
use crate::platform::{http, storage, token};
use crate::protocol;
use crate::session::{AskId, CallId, Input, Method, Output, Session, Sharing, SocketId};

/// One api's machinery.
#[derive(Debug)]
pub struct Driver {
    session: RefCell<Session>,
    emitter: Emitter,
    calls: Calls,
    is_pumping: Cell<bool>,
    socket: RefCell<Option<(SocketId, Socket)>>,
    /// Named once: where the platform sends a customer to another region, all of their tabs go.
    sharing: Option<Sharing>,
    store: RefCell<Option<Store>>,
    alarm: RefCell<Option<Alarm>>,
    watch: RefCell<Option<Watch>>,
    uploads: RefCell<Vec<(CallId, Upload)>>,
    providers: Providers,
    token_key: Option<String>,
    side_key: String,
    /// Names an organization's customers, as one server knows them.
    scope: String,
    is_debug: bool,
    this: Weak<Self>,
}

impl Driver {
    /// Builds the machinery and, if configured so, connects.
    pub fn start(config: Config, emitter: Emitter, calls: Calls, providers: Providers) -> Rc<Self> {
        let connects_itself = config.connects_itself();
        let token_key = config.token_key();
        let side_key = config.side_key();
        let is_debug = config.options.flag(names::DEBUG);
        let adapter = protocol::adapter(&config);
        let sharing = adapter.sharing();
        let endpoint = |name| config.endpoint(name).unwrap_or_default();
        let scope = join(&[&side_key, " ", &endpoint("api"), " ", &endpoint("accounts")]);
        let is_memory = config.options.text(names::STORAGE).as_deref() == Some("memory");
        let session = Session::new(config, adapter, clock::seed(), clock::now(), clock::unix());
        let driver = Rc::new_cyclic(|this: &Weak<Self>| Self {
            session: RefCell::new(session),
            emitter,
            calls,
            is_pumping: Cell::new(false),
            socket: RefCell::new(None),
            sharing,
            store: RefCell::new(None),
            alarm: RefCell::new(None),
            watch: RefCell::new(None),
            uploads: RefCell::new(Vec::new()),
            providers,
            token_key,
            side_key,
            scope,
            is_debug,
            this: this.clone(),
        });
        let ring = driver.later(|driver| {
            let has_slept = driver.alarm.borrow_mut().as_mut().is_some_and(Alarm::rang);
            if has_slept {
                driver.input(Input::Awake);
            }
            driver.input(Input::Timeout);
        });
        *driver.alarm.borrow_mut() = Some(Alarm::new(ring));
        let this = driver.this.clone();
        *driver.watch.borrow_mut() = Some(Watch::new(move |sign| {
            if let Some(driver) = this.upgrade() {
                driver.input(match sign {
                    Sign::Online => Input::Online,
                    Sign::Offline => Input::Offline,
                    Sign::Hidden => Input::Hidden,
                    Sign::Awake => Input::Awake,
                });
            }
        }));
        // At once: a database takes its time to open.
        let this = driver.this.clone();
        *driver.store.borrow_mut() = Some(Store::open(&driver.scope, is_memory, move |told| {
            if let Some(driver) = this.upgrade() {
                driver.input(match told.id(names::CUSTOM_ID_) {
                    Some(custom_id) => Input::TakenOver { custom_id },
                    None if told.is_missing() => Input::Unstored,
                    None => Input::Claimed { records: told },
                });
            }
        }));
        if connects_itself {
            driver.input(Input::Connect);
        }
        driver
    }

    /// The public state.
    pub fn state(&self) -> Name {
        self.session.borrow().state()
    }

    /// The rows of `chats()`.
    pub fn chats(&self) -> Value {
        self.session.borrow().chats()
    }

    /// The rows of `outbox()`.
    pub fn outbox(&self) -> Value {
        self.session.borrow().outbox()
    }

    /// The method of this name, if the platform has it.
    pub fn method(&self, name: &str) -> Option<Method> {
        self.session.borrow().method(name)
    }

    /// Calls a method, with a file if it takes one.
    pub fn call(&self, call: CallId, method: Method, args: Value, upload: Option<Upload>) {
        if let Some(upload) = upload {
            self.uploads.borrow_mut().push((call, upload));
        }
        self.input(Input::Call { call, method, args });
    }

    /// Answers a call that does not come so far.
    pub fn refuse(&self, call: CallId, error: ChatError) {
        self.calls.settle(call, Err(error));
    }

    /// Takes something in and performs what follows.
    pub fn input(&self, input: Input) {
        self.session.borrow_mut().handle(input, clock::now());
        if self.is_pumping.replace(true) {
            return;
        }
        loop {
            let output = self.session.borrow_mut().poll();
            let Some(output) = output else { break };
            self.perform(output);
        }
        self.is_pumping.set(false);
        if let Some(alarm) = &mut *self.alarm.borrow_mut() {
            alarm.set(self.session.borrow().next_deadline());
        }
    }

    fn later(&self, act: impl Fn(Rc<Self>) + 'static) -> impl Fn() + 'static {
        let this = self.this.clone();
        move || {
            if let Some(driver) = this.upgrade() {
                act(driver);
            }
        }
    }

    fn perform(&self, output: Output) {
        if self.is_debug {
            self.trace(&output);
        }
        match output {
            Output::Open { socket, url } => self.open(socket, &url),
            Output::Send { socket, frame } => self.on_line(socket, |line| line.send(&frame)),
            Output::Login { socket, frame, customer } => self.on_line(socket, |line| line.login(&frame, customer)),
            Output::Keep(record) => self.in_store(|store| store.put(&record)),
            Output::Drop(custom_id) => self.in_store(|store| store.remove(custom_id)),
            Output::Claim => self.in_store(Store::claim),
            Output::Wipe => {
                token::forget(&self.scope);
                self.in_store(Store::wipe);
            }
            Output::Close { socket } => {
                let mut current = self.socket.borrow_mut();
                if current.as_ref().is_some_and(|(id, _)| *id == socket) {
                    *current = None;
                }
            }
            Output::Http { ask, call, request, token } => {
                let token = token.unwrap_or_default();
                let upload = self.uploads.borrow().iter().find(|(id, _)| *id == call).map(|(_, upload)| upload.clone());
                let answer = match upload {
                    Some(upload) => upload.send(&request.url, &token),
                    None => http::ask(&request, &token, JsValue::UNDEFINED),
                };
                self.wait_for_web(ask, answer);
            }
            Output::AskToken { ask, fresh } => {
                let request = self.session.borrow().token_request();
                let slot = self.token_key.as_deref().unwrap_or_default();
                self.wait_for_web(ask, http::ask(&request, "", token::take_turn(&self.scope, slot, fresh)));
            }
            Output::AskIdentity { ask, fresh } => {
                self.wait(self.providers.ask_token(fresh), Box::new(move |token| Input::Identity { ask, token }));
            }
            Output::AskCustomer { ask } => {
                self.wait(self.providers.ask_customer(), Box::new(move |data| Input::CustomerData { ask, data }));
            }
            Output::Recall => {
                let token = self.token_key.as_deref().map_or(Value::missing(), storage::read);
                self.input(Input::Recalled { token, side_storage: storage::read(&self.side_key) });
            }
            Output::StoreToken(token) => {
                if let Some(key) = &self.token_key {
                    storage::write(key, &token.unwrap_or(Value::missing()));
                }
            }
            Output::StoreSide(side) => {
                storage::write(&self.side_key, &side);
            }
            Output::Emit(notice) => self.emitter.emit(&notice),
            Output::Settle { call, result } => {
                self.uploads.borrow_mut().retain(|(id, _)| *id != call);
                self.calls.settle(call, result);
            }
            Output::Finish => {
                *self.alarm.borrow_mut() = None;
                *self.watch.borrow_mut() = None;
                *self.store.borrow_mut() = None;
            }
        }
    }

    fn open(&self, socket: SocketId, url: &str) {
        let this = self.this.clone();
        let line = Socket::open(url, self.sharing.as_ref(), &self.providers, move |report| {
            if let Some(driver) = this.upgrade() {
                driver.input(match report {
                    Report::Opened => Input::Opened { socket },
                    Report::Frame(frame) => Input::Frame { socket, frame },
                    Report::Closed(code) => Input::Closed { socket, code },
                });
            }
        });
        *self.socket.borrow_mut() = Some((socket, line));
    }

    fn on_line(&self, socket: SocketId, act: impl FnOnce(&Socket)) {
        if let Some((current, line)) = &*self.socket.borrow()
            && *current == socket
        {
            act(line);
        }
    }

    fn in_store(&self, act: impl FnOnce(&Store)) {
        if let Some(store) = &*self.store.borrow() {
            act(store);
        }
    }

    /// Waits for what HTTP answers.
    fn wait_for_web(&self, ask: AskId, answer: Answer) {
        self.wait(
            answer,
            Box::new(move |answer| {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                Input::Http {
                    ask,
                    status: answer.at(0).as_number().unwrap_or_default() as u16,
                    body: answer.at(1),
                    retry_after_ms: answer.at(2).as_number().map(|millis| millis as u64),
                }
            }),
        );
    }

    /// Waits for an answer, and takes in what it is.
    fn wait(&self, answer: Answer, input: Box<dyn FnOnce(Value) -> Input>) {
        let this = self.this.clone();
        spawn_local(async move {
            let value = answer.await;
            if let Some(driver) = this.upgrade() {
                driver.input(input(value));
            }
        });
    }

    /// What happens on the line, without secrets and without what people say.
    fn trace(&self, output: &Output) {
        let line = match output {
            Output::Open { url, .. } => join(&["open ", place(url)]),
            Output::Send { frame, .. } | Output::Login { frame, .. } => {
                join(&["send ", &frame.text(names::ACTION).unwrap_or_default()])
            }
            Output::Close { .. } => "close".to_owned(),
            Output::Http { request, .. } => join(&["ask ", place(&request.url)]),
            Output::AskToken { .. } => "ask for a token".to_owned(),
            Output::Settle { result: Err(error), .. } => join(&["failed ", &error.code]),
            Output::AskIdentity { .. }
            | Output::AskCustomer { .. }
            | Output::Recall
            | Output::StoreToken(_)
            | Output::StoreSide(_)
            | Output::Emit(_)
            | Output::Keep(_)
            | Output::Drop(_)
            | Output::Claim
            | Output::Wipe
            | Output::Settle { .. }
            | Output::Finish => return,
        };
        debug(&line);
    }
}

/// An address without what is asked there: that may be somebody's.
fn place(mut url: &str) -> &str {
    check::take(&mut url, b'?')
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn debug(line: &str);
}
