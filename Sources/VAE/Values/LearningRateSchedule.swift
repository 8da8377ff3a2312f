/// A piecewise constant factor on the learning rate: `0.5@10 0.1@20` halves it at the start of epoch 10
/// and takes a tenth of it from epoch 20 on; epochs are counted from 0.
package struct LearningRateSchedule: Hashable, Sendable, CustomStringConvertible {
  /// One piece, from the start of `epoch` to the next piece.
  package struct Piece: Hashable, Sendable {
    package let epoch: Int
    package let factor: Double
  }

  /// At most so many: every outcome repeats the text.
  static let maxPieces = 64

  /// In the order of their epochs.
  package let pieces: [Piece]

  /// Reads pieces between single or several spaces; nil unless every factor is a positive number and
  /// the epochs ascend from 0 or later.
  package init?(parsing text: String) {
    let words = text.split(separator: " ")
    guard (1...Self.maxPieces).contains(words.count) else { return nil }
    var pieces: [Piece] = []
    for word in words {
      guard let (factor, epoch) = AtEpoch.split(word), let factor = Self.number(factor),
        factor > 0, factor.isFinite, epoch > (pieces.last?.epoch ?? -1)
      else { return nil }
      pieces.append(Piece(epoch: epoch, factor: factor))
    }
    self.pieces = pieces
  }

  /// A decimal number: none of the other forms that the language's own reader takes, such as `0x1p-1`.
  private static func number(_ text: Substring) -> Double? {
    text.utf8.allSatisfy { (48...57).contains($0) || ".eE+-".utf8.contains($0) }
      ? Double(text) : nil
  }

  private init(pieces: [Piece]) { self.pieces = pieces }

  /// What the learning rate is multiplied by in an epoch, counted from 0.
  package func factor(epoch: Int) -> Double {
    pieces.last { $0.epoch <= epoch }?.factor ?? 1
  }

  /// The same without the pieces that a run of so many epochs does not come to, and without those that
  /// leave the factor as it is; nil where that is all of them.
  package func effective(epochs: Int) -> LearningRateSchedule? {
    var kept: [Piece] = []
    for piece in pieces where piece.epoch < epochs && piece.factor != kept.last?.factor ?? 1 {
      kept.append(piece)
    }
    return kept.isEmpty ? nil : LearningRateSchedule(pieces: kept)
  }

  /// The one form that equal schedules share.
  package var description: String {
    pieces.map { "\($0.factor)@\($0.epoch)" }.joined(separator: " ")
  }
}

/// A word that says at the start of which epoch something happens: `WHAT@EPOCH`.
enum AtEpoch {
  /// nil unless the epoch is one that a run may have, in plain digits.
  static func split(_ word: Substring) -> (what: Substring, epoch: Int)? {
    let parts = word.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = whole(parts[1]), epoch < Configuration.maxEpochs
    else { return nil }
    return (parts[0], epoch)
  }

  /// A number of digits alone: `+1` and `١` are none.
  static func whole(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }
}
