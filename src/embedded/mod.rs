//! The small languages inside texts and numbers, each parsed and checked where it stands.
//!
//! * **Takes** the text of a literal.
//! * **Gives** exact [`Quantity`]s from numbers, as [`read_number`] and [`parse_quantity`] find them.
//! * **Owns** what each of these languages accepts, and the words that say why not.
//! * **Never** knows the tree, a name or a type of the program around it: places are extents in the text.
//! * **Read first** `literal.rs`, then `quantity.rs`.

mod decimal;
mod literal;
mod quantity;

pub use decimal::Decimal;
pub use literal::{
    ConversionError, Literal, Malformed, QuantityError, parse_text as parse_quantity,
    read as read_number,
};
pub use quantity::{ArithmeticError, Dimension, Quantity, Ratio, Unit};

mod language;
pub use language::{Language, TextError, check_text, text_error};
