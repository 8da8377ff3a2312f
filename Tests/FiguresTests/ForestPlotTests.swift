import Figures
import Study
import Testing

@Suite("A plot of differences")
struct ForestPlotTests {
  private func svg(_ rows: [(estimate: Double, interval: ClosedRange<Double>?)]) -> String {
    let plot = ForestPlot(
      rows: rows.enumerated().map { place, row in
        ForestPlot.Row(
          name: "net \(place)", estimate: row.estimate,
          interval: row.interval.flatMap { Interval($0.lowerBound, $0.upperBound) },
          words: "\(row.estimate)", isFaint: false)
      }, measure: "difference, nats", title: "Differences")
    return String(decoding: plot.drawing.file, as: UTF8.self)
  }

  /// Where the dots stand, from the left.
  private func dots(_ svg: String) -> [Double] {
    svg.matches(of: /<circle class="dot" cx="([0-9.]+)"/).compactMap { Double($0.1) }
  }

  @Test("puts larger differences further right, and none outside the picture")
  func order() {
    let places = dots(svg([(0, nil), (1.5, 1...2), (-3, -3.5 ... -2.5), (4, 3...5)]))
    #expect(places.count == 4)
    #expect(places[2] < places[0] && places[0] < places[1] && places[1] < places[3])
    #expect(places.allSatisfy { (300...640).contains($0) })
  }

  @Test("is not squeezed by one wide interval, which it cuts and marks")
  func wide() {
    let narrow = svg([(0, nil), (1, 0.8...1.2), (2, 1.8...2.2)])
    let wide = svg([(0, nil), (1, -500...502), (2, 1.8...2.2)])
    func spread(_ svg: String) -> Double {
      let places = dots(svg)
      return places[2] - places[0]
    }
    #expect(spread(wide) > spread(narrow) / 4)
    // An arrow at either end, and none where nothing is cut.
    #expect(wide.matches(of: /class="leaves"/).count == 2)
    #expect(!narrow.contains("class=\"leaves\""))
  }

  @Test("takes rows that are all alike, and rows without an interval")
  func degenerate() {
    #expect(dots(svg([(0, nil), (0, nil)])).count == 2)
    #expect(dots(svg([(0, nil), (0, 0...0)])).count == 2)
    #expect(dots(svg([])).isEmpty)
  }
}

@Suite("A strip of runs")
struct StripPlotTests {
  private func svg(_ samples: [[Double]]) -> String {
    let plot = StripPlot(
      rows: samples.enumerated().map {
        StripPlot.Row(
          name: "net \($0)", sample: Sample($1), interval: Interval.ofMean(Sample($1)), counts: "")
      }, measure: "loss", decimals: 2, title: "Losses")
    return String(decoding: plot.drawing.file, as: UTF8.self)
  }

  @Test("shows the runs: an interval that is wider than they are is cut and marked")
  func cut() {
    let five = [100.0, 100.1, 100.2, 100.3, 101]
    let text = svg([five, five.map { $0 + 0.2 }])
    let places = text.matches(of: /<circle class="run" cx="([0-9.]+)"/).compactMap {
      Double($0.1)
    }
    #expect((places.max() ?? 0) - (places.min() ?? 0) > 400)
    #expect(svg([[100, 100, 100, 100, 140]]).contains("class=\"leaves\""))
  }

  @Test("of fewer than five runs has no interval, and says so")
  func few() {
    let text = svg([[100, 101, 102, 103]])
    #expect(text.contains("n &lt; 5: no interval"))
    #expect(!text.contains("±"))
    #expect(svg([[100, 101, 102, 103, 104]]).contains("±"))
  }
}
