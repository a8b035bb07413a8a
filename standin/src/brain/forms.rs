//! Forms: those that the office asks to fill in (§2.17, §4.8), and those that customers send filled in (§4.1).

use serde_json::{Map, Value, json};

use super::Brain;
use super::args::Args;
use super::error::ApiError;

/// What a field's answer must be.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    Nothing,
    Text,
    Choice,
    Choices,
    Group,
    Flag,
    /// Answered by rating the chat, never in a filled form.
    Elsewhere,
}

/// Field types (§4.1).
const FIELDS: &[(&str, Answer)] = &[
    ("header", Answer::Nothing),
    ("name", Answer::Text),
    ("email", Answer::Text),
    ("question", Answer::Text),
    ("textarea", Answer::Text),
    ("subject", Answer::Text),
    ("radio", Answer::Choice),
    ("select", Answer::Choice),
    ("checkbox", Answer::Choices),
    ("group_chooser", Answer::Group),
    ("checkbox_for_email", Answer::Flag),
    ("rating", Answer::Elsewhere),
];

fn answer_of(kind: &str) -> Option<Answer> {
    FIELDS.iter().find(|row| row.0 == kind).map(|row| row.1)
}

fn key(group: u64, kind: &str) -> String {
    format!("form/{group}/{kind}")
}

impl Brain {
    /// §2.17.
    pub(crate) fn get_form(&self, args: Args<'_>) -> Result<Value, ApiError> {
        let (group, kind) = (args.u64("group_id")?, form_kind(args.str("type")?)?);
        if !self.world.groups.contains_key(&group) {
            return Err(ApiError::of("group_not_found"));
        }
        Ok(self.form(group, kind))
    }

    /// `{"enabled", "form"?}`: what was set, or what the bot's office has.
    pub(crate) fn form(&self, group: u64, kind: &str) -> Value {
        if let Some(set) = self.world.settings.get(&key(group, kind)) {
            return set.clone();
        }
        match kind {
            "prechat" if self.config.bot => json!({ "enabled": true, "form": before_chat() }),
            "postchat" if self.config.bot => json!({ "enabled": true, "form": after_chat() }),
            _ => json!({ "enabled": false }),
        }
    }

    /// Sets a group's form.
    pub(crate) fn set_form(
        &mut self,
        group: u64,
        kind: &str,
        enabled: bool,
        form: Option<Value>,
    ) -> Result<Value, ApiError> {
        form_kind(kind)?;
        if !self.world.groups.contains_key(&group) {
            return Err(ApiError::of("group_not_found"));
        }
        let set = match form {
            Some(form) => {
                check_form(&form)?;
                json!({ "enabled": enabled, "form": form })
            }
            None if enabled => return Err(ApiError::validation("`form` is required")),
            None => json!({ "enabled": false }),
        };
        // A form that is switched off is kept out of sight.
        let shown = if enabled { set } else { json!({ "enabled": false }) };
        self.set(key(group, kind), shown);
        Ok(json!({ "group_id": group, "type": kind, "enabled": enabled }))
    }
}

fn form_kind(kind: &str) -> Result<&str, ApiError> {
    match kind {
        "prechat" | "postchat" | "ticket" => Ok(kind),
        _ => Err(ApiError::validation("`type` must be `prechat`, `postchat` or `ticket`")),
    }
}

/// A form that can be shown: fields of known types, options where there is something to choose.
fn check_form(form: &Value) -> Result<(), ApiError> {
    let form =
        form.as_object().map(|_| Args::of(form)).ok_or_else(|| ApiError::validation("`form` must be an object"))??;
    form.opt_str("id")?;
    let fields = form.array("fields")?;
    if fields.is_empty() {
        return Err(ApiError::validation("`fields` must not be empty"));
    }
    for field in fields {
        let (args, answer) = field_of(field)?;
        for name in ["id", "label"] {
            args.opt_str(name)?;
        }
        args.opt_bool("required")?;
        if matches!(answer, Answer::Choice | Answer::Choices | Answer::Group) {
            for option in args.array("options")? {
                choice("options", option, answer == Answer::Group)?;
            }
        }
    }
    Ok(())
}

/// §4.1: fields with the answers that their types have. A missing answer means not answered.
pub(crate) fn check_filled(fields: &[Value]) -> Result<(), ApiError> {
    for field in fields {
        let (args, answer) = field_of(field)?;
        for name in ["id", "label"] {
            args.opt_str(name)?;
        }
        match answer {
            Answer::Text => drop(args.opt_str("answer")?),
            Answer::Flag => drop(args.opt_bool("answer")?),
            Answer::Choice | Answer::Group => {
                if let Some(chosen) = args.get("answer") {
                    choice("answer", chosen, answer == Answer::Group)?;
                }
            }
            Answer::Choices => {
                for chosen in args.opt_array("answers")?.into_iter().flatten() {
                    choice("answers", chosen, false)?;
                }
            }
            Answer::Nothing if args.has("answer") => return Err(ApiError::validation("a `header` takes no `answer`")),
            Answer::Nothing => {}
            Answer::Elsewhere => return Err(ApiError::validation("a filled form has no field of type `rating`")),
        }
    }
    Ok(())
}

fn field_of(field: &Value) -> Result<(Args<'_>, Answer), ApiError> {
    if !field.is_object() {
        return Err(ApiError::validation("`fields` must hold objects"));
    }
    let args = Args::of(field)?;
    let kind = args.str("type")?;
    let unknown = || ApiError::validation(format!("`fields` has a field of unknown type `{kind}`"));
    Ok((args, answer_of(kind).ok_or_else(unknown)?))
}

fn choice(name: &str, chosen: &Value, has_group: bool) -> Result<(), ApiError> {
    let fits = chosen["id"].is_string() && chosen["label"].is_string() && (!has_group || chosen["group_id"].is_u64());
    let what = if has_group { "`id`, `group_id` and `label`" } else { "`id` and `label`" };
    if fits { Ok(()) } else { Err(ApiError::validation(format!("`{name}` must have {what}"))) }
}

fn options(labels: &[&str]) -> Value {
    let option = |(at, label): (usize, &&str)| json!({ "id": at.to_string(), "label": label });
    labels.iter().enumerate().map(option).collect()
}

/// What the bot's office asks before a chat.
fn before_chat() -> Value {
    json!({ "id": "form_before", "fields": [
        { "type": "header", "id": "h1", "label": "Welcome! Tell us who you are, and we will be right with you." },
        { "type": "name", "id": "f1", "label": "Name", "required": false },
        { "type": "email", "id": "f2", "label": "E-mail", "required": true },
        {
            "type": "select", "id": "f3", "label": "What is it about?", "required": false,
            "options": options(&["An order", "A return", "Something else"])
        },
        {
            "type": "group_chooser", "id": "f4", "label": "Who should answer?", "required": false,
            "options": [
                { "id": "0", "group_id": 0, "label": "Anybody" }, { "id": "1", "group_id": 1, "label": "The second team" }
            ]
        }
    ] })
}

/// What the bot's office asks after a chat.
fn after_chat() -> Value {
    json!({ "id": "form_after", "fields": [
        { "type": "header", "id": "h1", "label": "How did we do?" },
        { "type": "rating", "id": "f1", "label": "Rate this chat", "comment_label": "Leave a comment" },
        {
            "type": "radio", "id": "f2", "label": "Was your question answered?", "required": false,
            "options": options(&["Yes", "In part", "No"])
        },
        { "type": "textarea", "id": "f3", "label": "What could be better?", "required": false }
    ] })
}

/// The forms of a group as `get_configuration` shows them (§2.24).
pub(crate) fn shown(brain: &Brain, group: u64, into: &mut Map<String, Value>) {
    for (kind, field) in [("prechat", "prechat_form"), ("ticket", "ticket_form")] {
        if let Value::Object(mut set) = brain.form(group, kind)
            && let Some(form) = set.remove("form")
        {
            into.insert(field.to_owned(), form);
        }
    }
}
