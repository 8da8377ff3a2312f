package import Sweep

/// A design that may turn out to need fewer points than its grid has.
package protocol SeedDesign: AnyObject {
  /// Positions that are known not to be needed when the coordinator starts.
  var unneeded: [Int] { get }

  /// Takes an outcome that is new in the store.
  ///
  /// - Returns: Positions that need not be trained, now that it is known.
  func learn(_ outcome: Outcome) -> [Int]
}
