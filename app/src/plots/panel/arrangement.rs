//! How plots share the space: the project's [`Layout`] as a tree of tiles, and back.

use egui::{Vec2, vec2};
use egui_tiles::{Container, Linear, LinearDir, SimplificationOptions, Tile, TileId, Tiles, Tree};
use spikeloom_engine::project::{Layout, View, ViewId};

/// Views side by side before a second row is begun.
const COLUMNS: usize = 3;

/// Tidies a tree up: no container with a single child.
pub const SIMPLIFICATION: SimplificationOptions = SimplificationOptions {
    prune_empty_tabs: true,
    prune_empty_containers: true,
    prune_single_child_tabs: true,
    prune_single_child_containers: true,
    all_panes_must_have_tabs: false,
    join_nested_linear_containers: true,
    flatten_tabs_in_tabs: true,
};

/// The layout to show: the author's, without views that are gone, with those that are new.
pub fn effective(layout: Option<&Layout>, views: &[View]) -> Option<Layout> {
    let ids: Vec<ViewId> = views.iter().map(|v| v.id).collect();
    let mut placed = Vec::new();
    let kept = layout.and_then(|layout| keep(layout, &ids, &mut placed));
    match kept {
        None => grid(&ids),
        Some(kept) => {
            let new = ids.iter().filter(|id| !placed.contains(id));
            Some(new.fold(kept, |layout, id| add(layout, *id)))
        }
    }
}

/// The layout without views that are not among `ids`, or that it has twice.
fn keep(layout: &Layout, ids: &[ViewId], placed: &mut Vec<ViewId>) -> Option<Layout> {
    match layout {
        Layout::View(id) if ids.contains(id) && !placed.contains(id) => {
            placed.push(*id);
            Some(Layout::View(*id))
        }
        Layout::View(_) => None,
        Layout::Row(parts) => keep_parts(parts, ids, placed, Layout::Row),
        Layout::Column(parts) => keep_parts(parts, ids, placed, Layout::Column),
        Layout::Tabs(parts) => {
            let mut kept: Vec<Layout> = parts.iter().filter_map(|part| keep(part, ids, placed)).collect();
            if kept.len() > 1 { Some(Layout::Tabs(kept)) } else { kept.pop() }
        }
    }
}

fn keep_parts(
    parts: &[(f32, Layout)],
    ids: &[ViewId],
    placed: &mut Vec<ViewId>,
    container: fn(Vec<(f32, Layout)>) -> Layout,
) -> Option<Layout> {
    let share = |share: f32| if share.is_finite() && share > 0.0 { share } else { 1.0 };
    let mut kept: Vec<(f32, Layout)> =
        parts.iter().filter_map(|(s, part)| Some((share(*s), keep(part, ids, placed)?))).collect();
    if kept.len() > 1 { Some(container(kept)) } else { kept.pop().map(|(_, only)| only) }
}

/// All views side by side; more than three in rows.
fn grid(ids: &[ViewId]) -> Option<Layout> {
    let row = |ids: &[ViewId]| match ids {
        [only] => Layout::View(*only),
        _ => Layout::Row(ids.iter().map(|id| (1.0, Layout::View(*id))).collect()),
    };
    match ids.len() {
        0 => None,
        n if n <= COLUMNS => Some(row(ids)),
        n => {
            let rows = n.div_ceil(COLUMNS);
            let columns = n.div_ceil(rows);
            Some(Layout::Column(ids.chunks(columns).map(|ids| (1.0, row(ids))).collect()))
        }
    }
}

/// Puts one more view in: beside the others if there is room, else below them.
fn add(layout: Layout, id: ViewId) -> Layout {
    let view = Layout::View(id);
    let mean = |parts: &[(f32, Layout)]| parts.iter().map(|(share, _)| share).sum::<f32>() / parts.len().max(1) as f32;
    match layout {
        Layout::Row(mut parts) if parts.len() < COLUMNS => {
            parts.push((mean(&parts), view));
            Layout::Row(parts)
        }
        Layout::Column(mut parts) => {
            parts.push((mean(&parts), view));
            Layout::Column(parts)
        }
        Layout::Row(parts) => Layout::Column(vec![(1.0, Layout::Row(parts)), (1.0, view)]),
        one => Layout::Row(vec![(1.0, one), (1.0, view)]),
    }
}

/// Width and height in points that a layout needs, so that each plot has room for its header and its axes.
pub fn needed(layout: &Layout) -> Vec2 {
    const SMALLEST: Vec2 = vec2(130.0, 52.0);
    const TABS: f32 = 24.0;
    let shares = |parts: &[(f32, Layout)]| -> Vec<(f32, Vec2)> {
        let sum: f32 = parts.iter().map(|(share, _)| share.max(0.0)).sum();
        parts.iter().map(|(share, part)| ((share / sum).clamp(0.05, 1.0), needed(part))).collect()
    };
    let most = |sizes: &mut dyn Iterator<Item = Vec2>| sizes.fold(SMALLEST, Vec2::max);
    match layout {
        Layout::View(_) => SMALLEST,
        Layout::Row(parts) => most(&mut shares(parts).into_iter().map(|(share, size)| vec2(size.x / share, size.y))),
        Layout::Column(parts) => most(&mut shares(parts).into_iter().map(|(share, size)| vec2(size.x, size.y / share))),
        Layout::Tabs(parts) => most(&mut parts.iter().map(needed)) + vec2(0.0, TABS),
    }
}

/// The tree of tiles of a layout.
pub fn tree(layout: Option<&Layout>, id: egui::Id) -> Tree<ViewId> {
    let mut tiles = Tiles::default();
    match layout.map(|layout| insert(&mut tiles, layout)) {
        Some(root) => Tree::new(id, root, tiles),
        None => Tree::empty(id),
    }
}

fn insert(tiles: &mut Tiles<ViewId>, layout: &Layout) -> TileId {
    match layout {
        Layout::View(id) => tiles.insert_pane(*id),
        Layout::Row(parts) => insert_linear(tiles, LinearDir::Horizontal, parts),
        Layout::Column(parts) => insert_linear(tiles, LinearDir::Vertical, parts),
        Layout::Tabs(parts) => {
            let children = parts.iter().map(|part| insert(tiles, part)).collect();
            tiles.insert_tab_tile(children)
        }
    }
}

fn insert_linear(tiles: &mut Tiles<ViewId>, dir: LinearDir, parts: &[(f32, Layout)]) -> TileId {
    let children: Vec<TileId> = parts.iter().map(|(_, part)| insert(tiles, part)).collect();
    let mut linear = Linear::new(dir, children.clone());
    for (child, (share, _)) in children.into_iter().zip(parts) {
        linear.shares.set_share(child, *share);
    }
    tiles.insert_container(linear)
}

/// The layout of a tree of tiles; `None` if it is empty.
pub fn layout(tree: &Tree<ViewId>) -> Option<Layout> {
    tree.root().and_then(|root| layout_of(&tree.tiles, root))
}

fn layout_of(tiles: &Tiles<ViewId>, id: TileId) -> Option<Layout> {
    let child = |id: &TileId| layout_of(tiles, *id);
    match tiles.get(id)? {
        Tile::Pane(view) => Some(Layout::View(*view)),
        Tile::Container(Container::Tabs(tabs)) => {
            let mut parts: Vec<Layout> = tabs.children.iter().filter_map(child).collect();
            if parts.len() > 1 { Some(Layout::Tabs(parts)) } else { parts.pop() }
        }
        Tile::Container(Container::Linear(linear)) => {
            let parts = linear.children.iter().filter_map(|id| Some((linear.shares[*id], child(id)?))).collect();
            shared(parts, if linear.dir == LinearDir::Horizontal { Layout::Row } else { Layout::Column })
        }
        Tile::Container(Container::Grid(grid)) => {
            shared(grid.children().filter_map(|id| Some((1.0, child(id)?))).collect(), Layout::Row)
        }
    }
}

/// A row or column whose shares add up to one, in thousandths: files stay readable.
fn shared(mut parts: Vec<(f32, Layout)>, container: fn(Vec<(f32, Layout)>) -> Layout) -> Option<Layout> {
    if parts.len() < 2 {
        return parts.pop().map(|(_, only)| only);
    }
    let sum: f32 = parts.iter().map(|(share, _)| share.max(0.0)).sum();
    let sum = if sum > 0.0 { sum } else { 1.0 };
    for (share, _) in &mut parts {
        *share = (share.max(0.0) / sum * 1000.0).round().max(1.0) / 1000.0;
    }
    Some(container(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views(ids: impl IntoIterator<Item = u32>) -> Vec<View> {
        ids.into_iter().map(|id| View::new(ViewId(id), "raster")).collect()
    }
    fn view(id: u32) -> Layout {
        Layout::View(ViewId(id))
    }
    fn there_and_back(layout: &Layout) -> Option<Layout> {
        super::layout(&tree(Some(layout), egui::Id::unique("test")))
    }

    #[test]
    fn a_layout_survives_the_way_through_the_tree() {
        let inner = Layout::Column(vec![(0.25, view(1)), (0.75, Layout::Tabs(vec![view(2), view(3)]))]);
        for wanted in [
            view(7),
            Layout::Row(vec![(0.5, view(1)), (0.5, view(2))]),
            Layout::Row(vec![(0.6, view(0)), (0.4, inner)]),
            Layout::Tabs(vec![view(0), view(1)]),
        ] {
            assert_eq!(there_and_back(&wanted), Some(wanted));
        }
    }

    #[test]
    fn shares_are_made_to_add_up() {
        let odd = Layout::Row(vec![(300.0, view(1)), (100.0, view(2))]);
        assert_eq!(there_and_back(&odd), Some(Layout::Row(vec![(0.75, view(1)), (0.25, view(2))])));
    }

    #[test]
    fn without_a_layout_views_stand_side_by_side_then_in_rows() {
        assert_eq!(effective(None, &[]), None);
        assert_eq!(effective(None, &views([4])), Some(view(4)));
        let three = effective(None, &views(0..3));
        assert_eq!(three, Some(Layout::Row(vec![(1.0, view(0)), (1.0, view(1)), (1.0, view(2))])));
        let row = |a, b| Layout::Row(vec![(1.0, view(a)), (1.0, view(b))]);
        assert_eq!(effective(None, &views(0..4)), Some(Layout::Column(vec![(1.0, row(0, 1)), (1.0, row(2, 3))])));
    }

    #[test]
    fn views_that_are_gone_leave_and_new_ones_come_in() {
        let old = Layout::Row(vec![(0.5, view(1)), (0.5, Layout::Column(vec![(0.3, view(2)), (0.7, view(9))]))]);
        assert_eq!(
            effective(Some(&old), &views([1, 2])),
            Some(Layout::Row(vec![(0.5, view(1)), (0.5, view(2))])),
            "a column of one is no column"
        );
        assert_eq!(
            effective(Some(&old), &views([1, 2, 3])),
            Some(Layout::Row(vec![(0.5, view(1)), (0.5, view(2)), (0.5, view(3))]))
        );
    }

    #[test]
    fn each_plot_gets_the_room_that_it_needs() {
        let column = Layout::Column(vec![(0.5, view(1)), (0.5, view(2))]);
        assert_eq!(needed(&view(0)), vec2(130.0, 52.0));
        assert_eq!(needed(&Layout::Row(vec![(0.5, view(0)), (0.5, column)])), vec2(260.0, 104.0));
        assert!(needed(&Layout::Row(vec![(f32::NAN, view(0)), (0.0, view(1))])).x.is_finite());
    }

    #[test]
    fn a_hand_written_layout_with_nonsense_still_works() {
        let twice = Layout::Row(vec![(f32::NAN, view(1)), (-3.0, view(1)), (1.0, Layout::Row(vec![]))]);
        assert_eq!(effective(Some(&twice), &views([1])), Some(view(1)));
        let nan = Layout::Row(vec![(f32::NAN, view(1)), (0.0, view(2))]);
        assert_eq!(effective(Some(&nan), &views([1, 2])), Some(Layout::Row(vec![(1.0, view(1)), (1.0, view(2))])));
    }
}
