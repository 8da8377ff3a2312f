extension Int {
  /// `1 point`, `2 points`: for nouns whose plural is an s.
  package func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
