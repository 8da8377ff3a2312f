extension Interval {
  /// The percentile interval of resampled figures: the order statistics nearest to both tails.
  ///
  /// Nil where there are none.
  package static func percentiles(
    of figures: [Double], confidence: Double = confidence
  ) -> Interval? {
    guard !figures.isEmpty else { return nil }
    var figures = figures
    func percentile(_ probability: Double) -> Double {
      figures.selectSmallest(Int((Double(figures.count - 1) * probability).rounded()))
    }
    let tail = (1 - confidence) / 2
    return Interval(percentile(tail), percentile(1 - tail))
  }

  /// As much wider as it takes to hold `figure`, which its resamples are of.
  ///
  /// Resamples of three or four runs repeat some of them and so find too little luck: nearly all can lie
  /// on one side of what the runs themselves give.
  package func reaching(_ figure: Double) -> Interval? {
    Interval(min(lower, figure), max(upper, figure))
  }
}

extension [Double] {
  /// The value that would stand at `place` if all were sorted, none of them NaN; puts it there.
  ///
  /// O(n) on average (Hoare 1961): sorting thousands of resamples for two of them takes ten times as
  /// long.
  mutating func selectSmallest(_ place: Int) -> Double {
    withUnsafeMutableBufferPointer { values in
      var (low, high) = (0, values.count - 1)
      while low < high {
        // The middle one of three, so that what is sorted already is no worst case.
        let three = [values[low], values[low + (high - low) / 2], values[high]].sorted()
        let pivot = three[1]
        var (left, right) = (low, high)
        while left <= right {
          while values[left] < pivot { left += 1 }
          while values[right] > pivot { right -= 1 }
          if left <= right {
            values.swapAt(left, right)
            left += 1
            right -= 1
          }
        }
        if place <= right { high = right } else if place >= left { low = left } else { break }
      }
      return values[place]
    }
  }
}
