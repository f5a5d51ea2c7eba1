//! The commands of the program, one row each: to add a command is to add a row.
//!
//! | part | says |
//! | --- | --- |
//! | name | the variant of [`Command`](super::Command), by which panels ask for it |
//! | text, tooltip | what menus, buttons and the command list show |
//! | `search` | what else people call it, with commas between: the command list finds it by these |
//! | `keys` | its keys; menus show the first |
//! | `menu` | the menus that hold it, and the group within each; groups are parted by lines |
//! | `when` | whether it can be used: a condition on the window |
//! | `does` | what it does with the window |
//! | `now` | optional: its text as things stand, such as the step that Undo takes back |
//!
//! Menus and the command list follow the order of the rows. The rows are a macro because two modules read them:
//! `command` makes the enum and its texts, which every panel may use, and `window::commands` takes `when`,
//! `does` and `now`, which only the window can run. So no panel depends on the window.
//! The names in `when` and `does` are those of `window/commands.rs`.

macro_rules! commands {
    ($read:ident) => {
        $read! {
            New: "New", "Start an empty network",
                search "empty,blank,network,file", keys [CTRL N], menu [File 0],
                when always, does |w, ctx| w.go(ctx, Next::New);
            Open: "Open…", "Open a network from a file",
                search "load,read", keys [CTRL O], menu [File 0],
                when always, does |w, ctx| w.go(ctx, Next::Choose);
            OpenPath: "Open by path…", "Type the path of a file",
                search "load,name", keys [], menu [File 0],
                when always, does |w, _| w.ask_for_path(PathPurpose::Open);
            StartPage: "Examples", "Show the example gallery and recent files",
                search "start,page,home,recent", keys [], menu [File 0, Help 1],
                when always, does |w, _| w.on_start_page = true;
            Save: "Save", "Save the network to its file",
                search "write,store", keys [CTRL S], menu [File 1],
                when network, does |w, ctx| w.save(ctx, None);
            SaveAs: "Save as…", "Save the network to another file",
                search "write,copy,name", keys [CTRL_SHIFT S], menu [File 1],
                when network, does |w, ctx| w.save_as(ctx, None);
            SavePath: "Save to path…", "Type the path of a file",
                search "write,name", keys [], menu [File 1],
                when network, does |w, _| w.ask_for_path(PathPurpose::Save(None));
            Quit: "Quit", "Close the program",
                search "exit,leave,end", keys [CTRL Q], menu [File 2],
                when always, does |w, ctx| w.go(ctx, Next::Quit);

            Undo: "Undo", "Take the last change back",
                search "revert", keys [CTRL Z], menu [Edit 0],
                when |w| network(w) && w.document.undo_label().is_some(),
                does |w, _| drop(w.document.undo()),
                now |w| w.document.undo_label().map(|step| format!("Undo {step}"));
            Redo: "Redo", "Make the change again that was taken back",
                search "repeat", keys [CTRL Y, CTRL_SHIFT Z], menu [Edit 0],
                when |w| network(w) && w.document.redo_label().is_some(),
                does |w, _| drop(w.document.redo()),
                now |w| w.document.redo_label().map(|step| format!("Redo {step}"));
            Cut: "Cut", "Copy the selection and delete it",
                search "clipboard", keys [CTRL X], menu [Edit 1],
                when selected_nodes, does |w, ctx| { w.copy(ctx); w.delete(); };
            Copy: "Copy", "Copy the selection as text",
                search "clipboard", keys [CTRL C], menu [Edit 1],
                when selected_nodes, does |w, ctx| w.copy(ctx);
            CopyNetwork: "Copy network as text", "Copy the whole network with its description, knobs and plots",
                search "clipboard,share,export,file,everything", keys [], menu [Edit 1],
                when nodes, does |w, ctx| w.copy_network(ctx);
            Paste: "Paste", "Insert what was copied; a whole network opens as a new document",
                search "clipboard", keys [CTRL V], menu [Edit 1],
                when always, does |w, ctx| w.ask_for_paste(ctx, false);
            PasteWithWires: "Paste with wires", "Insert what was copied, with the wires that came into it",
                search "clipboard,projections", keys [CTRL_SHIFT V], menu [Edit 1],
                when network, does |w, ctx| w.ask_for_paste(ctx, true);
            Duplicate: "Duplicate", "Make a copy of the selection beside it",
                search "clone", keys [CTRL D], menu [Edit 1],
                when selected_nodes, does |w, _| w.duplicate();
            Delete: "Delete", "Delete the selection and its wires",
                search "remove,erase", keys [NONE Delete, NONE Backspace], menu [Edit 1],
                when selected, does |w, _| w.delete();
            SelectAll: "Select all", "Select every node and projection",
                search "everything", keys [CTRL A], menu [Edit 2],
                when nodes, does |w, _| w.document.select(Selection::all(w.document.project()));
            SelectNone: "Select nothing", "Clear the selection",
                search "deselect", keys [NONE Escape], menu [Edit 2],
                when network, does |w, _| w.escape();
            FindNode: "Find node…", "Search the nodes of this network",
                search "population", keys [CTRL F], menu [Edit 2],
                when nodes, does |w, _| w.overlay = Some(Overlay::FindNode(Search::default()));

            AddNode: "Add node…", "Search the models and add one to the canvas",
                search "insert,new,neuron,population,generator,recorder", keys [NONE N, NONE Tab], menu [Network 0],
                when network, does |w, _| w.panels.canvas.open_finder();
            AddNote: "Add note", "Write a text onto the canvas",
                search "comment,text,label,annotate,sticky note,remark", keys [], menu [Network 0],
                when network, does |w, _| w.panels.canvas.add_note();
            Connect: "Connect to…", "Choose a node to wire the selected one to",
                search "wire,projection,synapse,link", keys [NONE W], menu [Network 1],
                when one_node, does |w, _| w.connect();
            ConnectToItself: "Connect to itself", "Wire the neurons of the selected population among each other",
                search "recurrent,loop,projection,wire", keys [], menu [Network 1],
                when one_population, does |w, _| w.connect_to_itself();
            RecordSpikes: "Record spikes", "Wire the selected node to a new spike recorder",
                search "spike recorder,raster,spike detector", keys [], menu [Network 2],
                when |w| w.can_record(&models::SPIKE_RECORDER), does |w, _| w.record(&models::SPIKE_RECORDER);
            RecordPotential: "Record potential", "Wire a new voltmeter to the selected node",
                search "voltmeter,voltage,membrane,trace", keys [], menu [Network 2],
                when |w| w.can_record(&models::VOLTMETER), does |w, _| w.record(&models::VOLTMETER);
            RecordQuantities: "Record with multimeter", "Wire a new multimeter to the selected node",
                search "conductance,current,state variables,trace", keys [], menu [Network 2],
                when |w| w.can_record(&models::MULTIMETER), does |w, _| w.record(&models::MULTIMETER);
            AddRecorders: "Record all populations", "Connect a recorder to every population that has none",
                search "spikes,voltmeter,plot", keys [], menu [Network 2],
                when neurons, does |w, _| w.add_recorders();
            ReverseSign: "Reverse sign", "Turn the weights of the selected wires from excitation to inhibition, or back",
                search "make inhibitory,make excitatory,negative weight", keys [], menu [Network 3],
                when |w| network(w) && editing::reverse_sign(w.project(), w.selection()).is_some(),
                does |w, _| w.reverse_sign();
            Rename: "Rename", "Give the selected node another name",
                search "title", keys [NONE F2], menu [Network 3],
                when one_node, does |w, _| w.rename();
            Mute: "Mute", "Silence the selection, or let it speak again",
                search "unmute,disable", keys [NONE M], menu [Network 3],
                when selected, does |w, _| w.mute(),
                now |w| selected(w).then(|| editing::mute_text(w.project(), w.selection()).into());

            Arrange: "Arrange", "Lay all nodes out from generators to recorders",
                search "layout,tidy up,order,sort,align", keys [], menu [Network 4],
                when nodes, does |w, _| w.arrange();
            AlignRow: "Align in a row", "Put the selected nodes at the same height",
                search "layout,horizontal,line up,middle", keys [], menu [Network 4],
                when several_nodes, does |w, _| w.align(Axis::Row);
            AlignColumn: "Align in a column", "Put the selected nodes below each other",
                search "layout,vertical,line up,centre,center", keys [], menu [Network 4],
                when several_nodes, does |w, _| w.align(Axis::Column);
            DistributeRow: "Distribute in a row", "Space the selected nodes evenly from left to right",
                search "layout,horizontal,spacing,equal,gaps", keys [], menu [Network 4],
                when many_nodes, does |w, _| w.distribute(Axis::Row);
            DistributeColumn: "Distribute in a column", "Space the selected nodes evenly from top to bottom",
                search "layout,vertical,spacing,equal,gaps", keys [], menu [Network 4],
                when many_nodes, does |w, _| w.distribute(Axis::Column);

            FitAll: "Show all", "Fit the whole network into the canvas",
                search "zoom,overview,canvas", keys [NONE Home], menu [View 0],
                when nodes, does |w, _| w.panels.canvas.fit(None);
            FitSelection: "Show selection", "Fit the selection into the canvas",
                search "zoom,canvas", keys [NONE Period], menu [View 0],
                when selected, does |w, _| w.panels.canvas.fit(Some(w.document.selection()));
            Overview: "Overview", "Show or hide the small picture of the whole network in a corner of the canvas",
                search "minimap,map,navigate", keys [], menu [View 1],
                when network, does |w, _| w.settings.overview = !w.settings.overview,
                now |w| Some(if w.settings.overview { "Hide overview" } else { "Show overview" }.into());
            ShowTraining: "Show training", "Show the panel that trains the network, or hide it",
                search "learn,fit,optimise,evolve,teach,gradient,panel", keys [], menu [View 1],
                when network, does |w, _| w.show_training(),
                now |w| Some(if w.panels.training.shown { "Hide training" } else { "Show training" }.into());
            ZoomTextIn: "Larger text", "Make everything larger",
                search "zoom,size,font,scale", keys [CTRL Plus, CTRL Equals], menu [View 3],
                when always, does |w, _| w.zoom_text(0.1);
            ZoomTextOut: "Smaller text", "Make everything smaller",
                search "zoom,size,font,scale", keys [CTRL Minus], menu [View 3],
                when always, does |w, _| w.zoom_text(-0.1);
            ZoomTextReset: "Normal text", "Text at its normal size",
                search "zoom,font,scale", keys [CTRL Num0], menu [View 3],
                when always, does |w, _| w.settings.zoom = 1.0;
            ToggleTheme: "Light or dark", "Switch between light and dark colours",
                search "theme,mode,night,appearance", keys [], menu [View 4],
                when always, does |w, ctx| w.settings.dark = Some(ctx.theme() != egui::Theme::Dark);

            PlayPause: "Play or pause", "Run the network, or let it rest",
                search "start,stop,simulate", keys [NONE Space], menu [Run 0],
                when nodes, does |w, _| w.play_or_pause();
            StepOnce: "Step", "Advance by one time step",
                search "single", keys [NONE S], menu [Run 0],
                when nodes, does |w, _| w.session.step(w.document.project().simulation.resolution);
            RunToEnd: "Run to the end", "Run until the duration set for this network",
                search "simulate,until,finish", keys [CTRL Enter], menu [Run 0],
                when nodes, does |w, _| w.run_to_end();
            Reset: "Reset", "Back to time zero",
                search "restart,rewind", keys [CTRL R], menu [Run 0],
                when nodes, does |w, _| w.reset();
            PlayEndless: "Play for ever", "Play goes on until it is paused",
                search "endless,continuous,duration", keys [], menu [Run 1],
                when network, does |w, _| w.set_play(Play::Endless);
            PlayOnce: "Play once", "Play stops at the duration",
                search "stop,until,duration,single,trial", keys [], menu [Run 1],
                when network, does |w, _| w.set_play(Play::Once);
            PlayRepeat: "Play again and again", "Play starts anew at the duration, each trial over the faded ones before it",
                search "repeat,trials,loop,oscilloscope,sweep", keys [], menu [Run 1],
                when network, does |w, _| w.set_play(Play::Repeat { next_seed: false });
            PlayNextSeed: "Play again with the next seed", "As again and again, but each trial has the next seed: other random numbers",
                search "repeat,trials,loop,oscilloscope,sweep,random", keys [], menu [Run 1],
                when network, does |w, _| w.set_play(Play::Repeat { next_seed: true });
            Keep: "Keep this moment", "Remember the network as it stands, to come back to it",
                search "snapshot,state,bookmark", keys [NONE K], menu [Run 2],
                when nodes, does |w, _| w.session.keep();
            GoBack: "Go back", "Back to the moment kept; what was recorded since goes, parameters stay",
                search "snapshot,state,restore", keys [NONE B], menu [Run 2],
                when |w| network(w) && w.session.kept().is_some(),
                does |w, ctx| w.go_back(ctx),
                now |w| w.session.kept().map(|time| format!("Go back to {}", time_text(time)));
            NewSeed: "New seed", "Draw another seed: the same network, other random numbers",
                search "random,repeat,trial,draw again", keys [], menu [Run 3],
                when network, does |w, _| w.edit(editing::new_seed(w.project()));

            Train: "Train", "Train the network as its training says, let training rest, or go on",
                search "learn,fit,optimise,evolve,teach,pause training,gradient", keys [], menu [Run 4],
                when |w| network(w) && (w.project().training.is_some() || w.panels.training.goes_on()),
                does |w, ctx| w.train_or_pause(ctx),
                now |w| w.panels.training.is_working().then(|| "Pause training".into());
            StopTraining: "Stop training", "End training; the best numbers so far stay to be kept",
                search "learn,cancel", keys [], menu [Run 4],
                when |w| network(w) && w.panels.training.goes_on(), does |w, _| w.panels.training.stop();
            KeepTrained: "Keep trained numbers", "Put the numbers that training has found into the network",
                search "learn,apply,accept,weights", keys [], menu [Run 4],
                when |w| network(w) && w.panels.training.can_keep(w.project()), does |w, _| w.keep_trained();
            DiscardTrained: "Discard training", "Forget what training has found; the network stays as it is",
                search "learn,reject,forget", keys [], menu [Run 4],
                when |w| network(w) && w.panels.training.has_run(), does |w, _| w.panels.training.discard();

            Help: "Keys", "Show the list of keys and gestures",
                search "help,shortcuts,mouse", keys [NONE F1, NONE Questionmark], menu [Help 0],
                when always, does |w, _| w.overlay = Some(Overlay::Help);
            CommandList: "Command list…", "Search everything the program can do",
                search "", keys [CTRL K, CTRL_SHIFT P], menu [Help 0],
                when always, does |w, _| w.overlay = Some(Overlay::CommandList(Search::default()));
        }
    };
}
pub(crate) use commands;
