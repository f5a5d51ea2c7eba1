//! Reads views, their layout, and notes.

use super::fields::Reader;
use super::network::Names;
use crate::project::scan::{Item, Spanned};
use crate::project::suggest::unknown;
use crate::project::{Layout, Note, Place, Project, View, ViewId};

impl Reader {
    pub fn views(&mut self, given: Spanned, names: &Names, project: &mut Project) {
        let entries = match given.item {
            Item::Map(entries) => entries,
            other => {
                let what = "a map `{1: (kind: raster, …), …}`";
                self.expected::<()>(&Place::Project, "views", given.position, what, &other);
                return;
            }
        };
        for (key, value) in entries {
            let at = key.position;
            let Some(id) = self.whole(&Place::Project, "views", key, 0, u32::MAX.into()) else { continue };
            let id = ViewId(id as u32);
            if project.view(id).is_some() {
                self.error(&Place::Project, at, format!("there are two views of the number {}", id.0));
                continue;
            }
            project.views.extend(self.view(id, value, names));
        }
    }

    fn view(&mut self, id: ViewId, given: Spanned, names: &Names) -> Option<View> {
        let position = given.position;
        let place = Place::View(title_of(id, &given));
        self.positions.insert(&place, "", position);
        let mut fields = self.fields(&place, "a view", given, None)?;
        let kind = self.required(&place, &mut fields, "kind", position);
        let mut view = View::new(id, self.kind(&place, kind?)?);
        if let Some(title) = fields.take("title").and_then(|v| self.text(&place, "title", v)) {
            view.title = title;
        }
        if let Some(sources) = fields.take("of").and_then(|v| self.list(&place, "of", v)) {
            view.sources = sources.into_iter().filter_map(|v| self.node_name(&place, "of", v, names)).collect();
        }
        let mut settings: Vec<(String, Spanned)> = fields.into_entries().collect();
        settings.sort_by_key(|(_, value)| value.position);
        for (name, value) in settings {
            view.settings.extend(self.value(&place, &name, value, None).map(|value| (name, value)));
        }
        Some(view)
    }

    fn kind(&mut self, place: &Place, given: Spanned) -> Option<String> {
        match given.item {
            Item::Word(word) => Some(word),
            other => self.expected(place, "kind", given.position, "a kind of plot such as `raster`", &other),
        }
    }

    pub fn layout(&mut self, given: Spanned) -> Option<Layout> {
        let place = Place::Project;
        let position = given.position;
        let (name, argument) = match given.item {
            Item::Tuple { name: Some(name), mut items } if items.len() == 1 => match items.pop() {
                Some(argument) => (name, argument),
                None => return None,
            },
            other => {
                let what = "`view(1)`, `row([…])`, `column([…])` or `tabs([…])`";
                return self.expected(&place, "layout", position, what, &other);
            }
        };
        match name.as_str() {
            "view" => {
                let id = self.whole(&place, "layout", argument, 0, u32::MAX.into())?;
                Some(Layout::View(ViewId(id as u32)))
            }
            "row" => self.shares(argument).map(Layout::Row),
            "column" => self.shares(argument).map(Layout::Column),
            "tabs" => {
                let items = self.list(&place, "layout", argument)?;
                let read: Vec<_> = items.into_iter().map(|item| self.layout(item)).collect();
                read.into_iter().collect::<Option<_>>().map(Layout::Tabs)
            }
            other => {
                let message = unknown("arrangement", other, "layout", &["view", "row", "column", "tabs"]);
                self.error_of(&place, "layout", position, message);
                None
            }
        }
    }

    fn shares(&mut self, given: Spanned) -> Option<Vec<(f32, Layout)>> {
        let items = self.list(&Place::Project, "layout", given)?;
        let read: Vec<_> = items.into_iter().map(|item| self.share(item)).collect();
        read.into_iter().collect()
    }

    fn share(&mut self, given: Spanned) -> Option<(f32, Layout)> {
        let place = Place::Project;
        match given.item {
            Item::Tuple { name: None, items } if items.len() == 2 => {
                let mut both = items.into_iter();
                let share = self.real(&place, "layout", both.next()?).map(|share| share as f32);
                let child = self.layout(both.next()?);
                if share.is_some_and(|share| !share.is_finite()) {
                    self.error_of(&place, "layout", given.position, "a share must be a finite number such as 0.5");
                    return None;
                }
                Some((share?, child?))
            }
            other => {
                self.expected(&place, "layout", given.position, "a share and what it holds, `(0.5, view(1))`", &other)
            }
        }
    }

    pub fn notes(&mut self, given: Spanned, project: &mut Project) {
        let place = Place::Project;
        for item in self.list(&place, "notes", given).unwrap_or_default() {
            let Some(mut fields) = self.fields(&place, "a note", item, Some(&["at", "text"])) else { continue };
            let position = fields.take("at").and_then(|v| self.coordinates(&place, "notes", v)).unwrap_or_default();
            let text = fields.take("text").and_then(|v| self.text(&place, "notes", v)).unwrap_or_default();
            project.notes.push(Note { text, position });
        }
    }
}

/// What problems call a view: its title, or its number if it has none.
fn title_of(id: ViewId, given: &Spanned) -> String {
    let title = match &given.item {
        Item::Struct { fields, .. } => fields.iter().find(|f| f.name == "title").map(|f| &f.value.item),
        _ => None,
    };
    match title {
        Some(Item::Text(title)) if !title.is_empty() => title.clone(),
        _ => id.0.to_string(),
    }
}
