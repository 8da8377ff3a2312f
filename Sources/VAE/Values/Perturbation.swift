internal import Compute

/// One unit in the last place, added to one weight of the first encoder layer at the start of an epoch.
///
/// It is the smallest change that a run can have: `406@0` is weight 406 before the first step. Every random stream stays as it is, so that what follows shows how far rounding alone can carry a run.
package struct Perturbation: Hashable, Sendable, CustomStringConvertible {
  /// In W[in, out], row by row: pixel · outputs + unit.
  ///
  /// A weight of a pixel that is 0 in every image, such as MNIST's corner (weights 0 …), has no
  /// consequence.
  package let weight: Int
  /// From 0.
  package let epoch: Int

  /// Reads `WEIGHT@EPOCH`; nil where it is anything else.
  package init?(parsing text: String) {
    guard let (weight, epoch) = AtEpoch.split(text[...]), let weight = AtEpoch.whole(weight) else {
      return nil
    }
    self.init(weight: weight, epoch: epoch)
  }

  package init(weight: Int, epoch: Int) {
    self.weight = weight
    self.epoch = epoch
  }

  package var description: String { "\(weight)@\(epoch)" }
}

extension Matrix {
  /// Takes an element, counted row by row without padding, to the next float above it.
  func addUlp(toElement element: Int) {
    let row = row(element / columns)
    row[element % columns] = row[element % columns].nextUp
  }
}
