//! Keys that belong to what has the keyboard's focus, and not to the commands of the window.

use egui::{Context, Id};

fn claim() -> Id {
    Id::unique("what takes Delete")
}

/// Delete and Backspace belong to this widget as long as it has the focus.
pub fn claim_delete(ctx: &Context, widget: Id) {
    ctx.data_mut(|data| data.insert_temp(claim(), widget));
}

/// Whether Delete belongs to what has the focus, and not to what is selected.
pub fn takes_delete(ctx: &Context) -> bool {
    let claimed = ctx.data(|data| data.get_temp::<Id>(claim()));
    claimed.is_some() && claimed == ctx.memory(|memory| memory.focused())
}
