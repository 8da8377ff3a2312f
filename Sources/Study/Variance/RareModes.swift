extension VarianceByCollapse {
  /// So many standard deviations within modes must lie between a mode and every other run.
  package static let gapOfModes = 3.0

  /// The standard deviation within modes, pooled over them: √(Σ squares / (n − modes)).
  ///
  /// Nil where no mode has two runs.
  package var deviationWithin: Double? {
    let freedom = n - modes.count
    return freedom > 0 ? (within * Double(n - 1) / Double(freedom)).squareRoot() : nil
  }

  /// Modes that 2 to 20 % of the runs make and that lie apart: no other run within three standard
  /// deviations within modes of any of theirs.
  ///
  /// With so few runs in a mode that is far off, the mean and the standard deviation depend on
  /// whether one more fell into it. Without the gap a count of collapsed latents is a label, not a mode.
  package var rareModes: [Mode] {
    guard let deviationWithin else { return [] }
    return modes.filter { mode in
      50 * mode.sample.count >= n && 5 * mode.sample.count <= n
        && gap(of: mode) > Self.gapOfModes * deviationWithin
    }
  }

  /// The part of the runs that a mode has.
  package func rate(of mode: Mode) -> Share { Share(count: mode.sample.count, of: n) }

  /// What a reader of a mean, a standard deviation and their intervals must know; nil where nothing.
  package var caveat: String? {
    let rare = rareModes
    guard rare.isEmpty else {
      let told = rare.map { "\($0.collapsed) collapsed in \($0.sample.count) of \(n) runs" }
      return "rare mode: sd unstable, the mean's t interval is not honest "
        + "(\(told.joined(separator: ", ")))"
    }
    let hasInterval = n >= Interval.fewestForDeviation
    return modes.count > 1 && hasInterval && n < Interval.fewestForModes
      ? "sd interval optimistic: modes differ" : nil
  }

  private var n: Int { modes.reduce(0) { $0 + $1.sample.count } }

  /// The distance of the nearest run of another mode from a run of this one.
  private func gap(of mode: Mode) -> Double {
    var gap = Double.infinity
    for other in modes where other.collapsed != mode.collapsed {
      let values = other.sample.values
      var place = 0
      for value in mode.sample.values {
        while place < values.count, values[place] < value { place += 1 }
        if place < values.count { gap = min(gap, values[place] - value) }
        if place > 0 { gap = min(gap, value - values[place - 1]) }
      }
    }
    return gap
  }
}
