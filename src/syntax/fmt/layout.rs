//! From a flat run of instructions to lines: the only place that knows the width.
//!
//! A group stands on one line if it fits there and nobody asked for more; the `Line`s of a group are all
//! blanks, or all ends of lines. Indentation counts only in groups that are broken, so what one line opens
//! (`f({`) indents once.

/// Columns that a line should not pass.
const WIDTH: usize = 100;

/// Columns of one step of indentation.
const STEP: usize = 2;

/// What a line's end reads as where its group stands on one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flat {
    /// A blank.
    Space,
    /// Nothing.
    Nothing,
    /// `, `.
    Comma,
}

/// An instruction.
#[derive(Clone, Debug)]
pub(super) enum Op<'t> {
    /// A piece of a line.
    Text(&'t str),
    /// A blank, unless the line ends here.
    Space,
    /// A text literal over several lines, printed byte for byte.
    Verbatim(&'t str),
    /// Lines of a text literal without their margin, opener first, closer last: printed one step further in.
    Lines(Vec<&'t str>),
    /// Begins a group; over several lines if `broken`, or if it does not fit on one.
    Open {
        /// Whether it must stand over several lines.
        broken: bool,
    },
    /// Ends the group that was opened last.
    Close,
    /// One step further in, if the group is broken.
    Indent,
    /// Takes back an `Indent`.
    Dedent,
    /// The end of a line, if the group is broken.
    Line(Flat),
    /// The end of a line in any case, and so many steps further in on the next.
    Hard(usize),
    /// An empty line before the next, once.
    Blank,
    /// A comment at the end of the line at hand.
    Trailing(&'t str),
    /// A piece of a line, if the group is broken.
    IfBroken(&'t str),
}

/// The text that the instructions make. Ends with one line's end, unless it is empty.
pub(super) fn lay_out(ops: &[Op<'_>]) -> String {
    let mut writer = Writer::default();
    let mut groups = vec![true];
    let mut indents: Vec<bool> = Vec::new();
    for (index, op) in ops.iter().enumerate() {
        let broken = groups.last().copied().unwrap_or(true);
        match op {
            Op::Text(text) => writer.text(text),
            Op::Space => writer.space = true,
            Op::Verbatim(text) => writer.verbatim(text),
            Op::Lines(lines) => writer.lines(lines),
            Op::Open { broken } => {
                let rest = ops.get(index + 1..).unwrap_or(&[]);
                let left = WIDTH.saturating_sub(writer.reached());
                groups.push(*broken || !fits(rest, left, &groups));
            }
            Op::Close => {
                groups.pop();
            }
            Op::Indent => {
                indents.push(broken);
                writer.indent += if broken { STEP } else { 0 };
            }
            Op::Dedent => {
                let counted = indents.pop().unwrap_or(false);
                writer.indent -= if counted { STEP } else { 0 };
            }
            Op::Line(_) if broken => writer.end_line(0),
            Op::Line(Flat::Space) => writer.space = true,
            Op::Line(Flat::Nothing) => {}
            Op::Line(Flat::Comma) => {
                writer.text(",");
                writer.space = true;
            }
            Op::Hard(steps) => writer.end_line(*steps),
            Op::Blank => writer.blank = true,
            Op::Trailing(comment) => writer.trailing.push((*comment).to_owned()),
            Op::IfBroken(text) => {
                if broken {
                    writer.text(text);
                }
            }
        }
    }
    writer.finish()
}

/// Whether a group whose inside begins `ops` fits into `left` columns, up to the first place where a line may end.
/// `around` says of the groups around it, from outside in, whether they are broken.
fn fits(ops: &[Op<'_>], left: usize, around: &[bool]) -> bool {
    let mut left = left;
    let mut around = around.iter().rev();
    // Whether a line ends at a `Line`: inside never, behind it where that group is broken or may yet break.
    let mut ends = vec![false];
    let mut inside = true;
    let mut space = false;
    for op in ops {
        let here = ends.last().copied().unwrap_or(true);
        let width = match op {
            Op::Text(text) => columns(text),
            Op::Space => {
                space = true;
                continue;
            }
            Op::Verbatim(text) => return taken(text, space) <= left,
            Op::Lines(lines) => return taken(lines.first().unwrap_or(&""), space) <= left,
            Op::Open { broken } => {
                ends.push(*broken || !inside);
                continue;
            }
            Op::Close => {
                ends.pop();
                if ends.is_empty() {
                    inside = false;
                    ends.push(around.next().copied().unwrap_or(true));
                }
                continue;
            }
            Op::Line(_) if here => return true,
            Op::Line(Flat::Space) => {
                space = true;
                continue;
            }
            Op::Line(Flat::Comma) => {
                left = match left.checked_sub(1) {
                    Some(left) => left,
                    None => return false,
                };
                space = true;
                continue;
            }
            Op::Hard(_) => return true,
            Op::IfBroken(text) if here => columns(text),
            Op::Line(Flat::Nothing)
            | Op::Indent
            | Op::Dedent
            | Op::Blank
            | Op::Trailing(_)
            | Op::IfBroken(_) => continue,
        };
        left = match left.checked_sub(width + usize::from(space)) {
            Some(left) => left,
            None => return false,
        };
        space = false;
    }
    true
}

/// The columns of the first line of a text, and of the blank before it.
fn taken(text: &str, space: bool) -> usize {
    columns(text.lines().next().unwrap_or("")) + usize::from(space)
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Lines as they grow.
#[derive(Default)]
struct Writer {
    out: String,
    /// Columns of the line at hand.
    column: usize,
    indent: usize,
    /// Columns that the line at hand is indented beyond `indent`.
    further: usize,
    /// A blank is due before the next piece.
    space: bool,
    /// An empty line is due at the next line's end.
    blank: bool,
    /// Comments for the end of the line at hand.
    trailing: Vec<String>,
}

impl Writer {
    /// The column where the next piece would stand.
    fn reached(&self) -> usize {
        if self.column == 0 {
            self.indent + self.further
        } else {
            self.column + usize::from(self.space)
        }
    }

    /// Indents the line, or writes the blank that is due.
    fn begin_piece(&mut self) {
        if self.column == 0 {
            let indent = self.indent + self.further;
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.column = indent;
        } else if self.space {
            self.out.push(' ');
            self.column += 1;
        }
        self.space = false;
    }

    fn text(&mut self, text: &str) {
        self.begin_piece();
        self.out.push_str(text);
        self.column += columns(text);
    }

    fn verbatim(&mut self, text: &str) {
        self.begin_piece();
        self.out.push_str(text);
        let last = text.rsplit('\n').next().unwrap_or("");
        self.column = columns(last).max(1);
    }

    fn lines(&mut self, lines: &[&str]) {
        self.begin_piece();
        let margin = self.indent + self.further + STEP;
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
                let margin = if line.is_empty() { 0 } else { margin };
                self.out.extend(std::iter::repeat_n(' ', margin));
                self.column = margin;
            }
            self.out.push_str(line);
            self.column += columns(line);
        }
    }

    fn end_line(&mut self, further: usize) {
        for comment in std::mem::take(&mut self.trailing) {
            self.space = true;
            self.text(&comment);
        }
        if self.column > 0 {
            self.out.push('\n');
        }
        if self.blank && !self.out.is_empty() {
            self.out.push('\n');
        }
        (self.column, self.further) = (0, further * STEP);
        (self.space, self.blank) = (false, false);
    }

    fn finish(mut self) -> String {
        self.blank = false;
        if self.column > 0 || !self.trailing.is_empty() {
            self.end_line(0);
        }
        self.out
    }
}
