import Study
import Tables

/// The runs of one configuration along a horizontal axis, those beyond it as a mark at its end.
struct StripOfRuns {
  private let sample: Sample
  private let frame: Frame
  private let decimals: Int

  init(_ sample: Sample, in frame: Frame, decimals: Int) {
    self.sample = sample
    self.frame = frame
    self.decimals = decimals
  }

  private var domain: ClosedRange<Double> { frame.x.domain }

  func marks(middle: Double, height: Double, radius: Double) -> Markup {
    let dots = sample.values.enumerated().compactMap { place, value -> RunDots.Dot? in
      guard domain.contains(value) else { return nil }
      // Runs of equal value stay apart; the offset means nothing.
      let turn = Double(place + 1) * 0.618034
      let offset = (turn - turn.rounded(.down) - 0.5) * height
      return RunDots.Dot(
        x: frame.px(value), y: middle + offset, words: Axis.label(value, decimals: decimals))
    }
    var marks = RunDots.marks(dots, radius: radius)
    if let least = sample.minimum, least < domain.lowerBound {
      marks += frame.end(at: frame.left, middle, pointing: -1, isCut: true)
    }
    if let most = sample.maximum, most > domain.upperBound {
      marks += frame.end(at: frame.left + frame.width, middle, pointing: 1, isCut: true)
    }
    return marks
  }

  var beyond: String { Self.beyond(domain, sample, decimals: decimals) }

  /// `; 1 run at 206.44`, `; 3 runs beyond, to 206.44`; empty where all are in the picture.
  static func beyond(_ domain: ClosedRange<Double>, _ sample: Sample, decimals: Int) -> String {
    let out = sample.values.filter { !domain.contains($0) }
    guard let first = out.first, let last = out.last else { return "" }
    let far = first < domain.lowerBound ? first : last
    let words = out.count == 1 ? "1 run at" : "\(out.count) runs beyond, to"
    return "; \(words) \(Axis.label(far, decimals: decimals))"
  }
}
