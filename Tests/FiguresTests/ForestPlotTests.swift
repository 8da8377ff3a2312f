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

  @Test("draws a name narrower that would begin outside the picture, and no other")
  func longNames() {
    func names(_ name: String) -> String {
      let row = ForestPlot.Row(
        name: name, estimate: 1, interval: nil, words: "1", isFaint: false)
      let plot = ForestPlot(rows: [row], measure: "difference, nats", title: "Differences")
      return String(decoding: plot.drawing.file, as: UTF8.self)
    }
    #expect(!names("784-256-32-8-4, kl_warmup 10").contains("textLength"))
    // Nearly room: told to fill it, a name that is narrower than the most it can take was stretched.
    let near = names("784-256-32-8-4, kl_warmup 10, free_bits 0.5")
    #expect(near.contains("font-size=\"11.") && !near.contains("textLength"))
    let long = "784-256-32-24-16, kl_warmup 10, kl_cycles 0, free_bits 0.5, schedule none"
    #expect(names(long).contains("textLength=\"288") && names(long).contains(">\(long)<"))
  }

  @Test("keeps its figures in the picture, however many digits they have")
  func longFigures() {
    let words = "4.04·10²⁶ [−7.18·10²⁶, 4.18·10²⁶] n = 3, 4 and 5"
    let row = ForestPlot.Row(
      name: "a", estimate: 1, interval: nil, words: words, isFaint: false)
    let plot = ForestPlot(rows: [row], measure: "difference, nats", title: "Differences")
    let svg = String(decoding: plot.drawing.file, as: UTF8.self)
    #expect(svg.contains("textLength=\"208\" lengthAdjust=\"spacingAndGlyphs\">\(words)<"))
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
          name: "net \($0)", sample: Sample($1), interval: Interval.ofMean(Sample($1)),
          sd: Sample($1).standardDeviation, counts: "")
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

  @Test("tells the sd that its interval is of, not that of the dots")
  func levels() {
    let levels = Sample([100, 110])
    let row = StripPlot.Row(
      name: "nested", sample: Sample([99, 101, 109, 111, 105]), interval: nil,
      sd: levels.standardDeviation, counts: "")
    let plot = StripPlot(rows: [row], measure: "loss", decimals: 2, title: "Losses")
    #expect(String(decoding: plot.drawing.file, as: UTF8.self).contains("sd 7.07"))
  }

  @Test("draws a name narrower that would run into the figures at its end, and no other")
  func longNames() {
    func text(_ name: String) -> String {
      let sample = Sample([100, 101, 102, 103, 104])
      let row = StripPlot.Row(
        name: name, sample: sample, interval: Interval.ofMean(sample),
        sd: sample.standardDeviation, counts: "20/20 ok")
      let plot = StripPlot(rows: [row], measure: "loss", decimals: 2, title: "Losses")
      return String(decoding: plot.drawing.file, as: UTF8.self)
    }
    #expect(!text("784-256-32-8-4 without sampling").contains("textLength"))
    let long =
      "784-256-32-24-16, kl_warmup 10, learning_rate 0.01, free_bits 0.5, schedule 0.3@10 0.1@15"
    let drawn = text(long)
    let width = drawn.firstMatch(of: /textLength="([0-9.]+)"/).flatMap { Double($0.1) }
    // "102.00 ± 1.96, sd 1.58" takes some 150 of the 760 pixels.
    #expect(width.map { 500 < $0 && $0 < 600 } == true, "\(drawn)")
    #expect(drawn.contains(">\(long)<"))
  }

  @Test("is not squeezed by a few runs far out, which it marks and tells")
  func outliers() {
    let near = (0..<60).map { 100 + Double($0) / 10 }
    func places(_ samples: [[Double]]) -> [Double] {
      svg(samples).matches(of: /<circle class="run" cx="([0-9.]+)"/).compactMap { Double($0.1) }
    }
    let text = svg([near, near.dropLast() + [190.25]])
    #expect(text.contains("; 1 run at 190.25"))
    #expect(text.matches(of: /class="leaves"/).count >= 1)
    let (own, cut) = (places([near]), places([near.dropLast() + [190.25]]))
    #expect(cut.count == own.count - 1)
    #expect((cut.max() ?? 0) - (cut.min() ?? 0) > 300)
    // A tenth of the runs is no outlier: it is what the net does.
    #expect(!svg([near.dropLast(6) + (0..<6).map { 190 + Double($0) }]).contains(" beyond, to "))
    // The mean of a net that lies elsewhere with all of its runs stays in the picture.
    #expect(!svg([near, [190]]).contains("1 run at"))
  }

  @Test("of many runs takes a few bytes for each, and tells as many")
  func many() {
    let values = (0..<5_000).map { 100 + Double($0 * 7_919 % 5_000) / 100 }
    let text = svg([values])
    #expect(text.utf8.count < 5_000 * 14 + 6_000)
    #expect(text.matches(of: /h0/).count == 5_000)
    #expect(!text.contains("<circle class=\"run\""))
  }

  @Test("of fewer than five runs has no interval, and says so")
  func few() {
    let text = svg([[100, 101, 102, 103]])
    #expect(text.contains("n &lt; 5: no interval"))
    #expect(!text.contains("±"))
    #expect(svg([[100, 101, 102, 103, 104]]).contains("±"))
  }
}

@Suite("The runs of many configurations in one picture")
struct RunStripsTests {
  private func svg(_ count: Int, isHigherBetter: Bool = false) -> String {
    let rows = (0..<count).map { net in
      RunStrips.Row(
        name: "net \(net)",
        sample: Sample((0..<6).map { Double(net * 7 % count) + Double($0) / 10 }))
    }
    let plot = RunStrips(
      rows: rows, measure: "loss", decimals: 2, isHigherBetter: isHigherBetter, title: "Runs")
    return String(decoding: plot.drawing.file, as: UTF8.self)
  }

  private func names(_ svg: String) -> [String] {
    svg.matches(of: /data-name="([^"]*)"/).map { String($0.1) }
  }

  @Test("have the best mean first, whichever way is better")
  func order() {
    #expect(names(svg(5)) == ["net 0", "net 3", "net 1", "net 4", "net 2"])
    #expect(names(svg(5, isHigherBetter: true)) == ["net 2", "net 4", "net 1", "net 3", "net 0"])
  }

  @Test(
    "fit a screen where they are few, and stay legible where they are eighty", arguments: [9, 80])
  func height(count: Int) throws {
    let match = try #require(svg(count).firstMatch(of: /viewBox="0 0 ([0-9.]+) ([0-9.]+)"/))
    let height = try #require(Double(match.2))
    #expect(height <= (count == 9 ? 460 : 80 * 13 + 60))
    #expect(height >= Double(count) * 13)
  }

  @Test("have room for what they say of runs beyond the axis, and of figures without end")
  func beyond() throws {
    let near = (0..<120).map { 137 + Double($0) / 80 }
    for (values, words) in [
      (near + [196.2, 206.44], "; 2 runs beyond, to 206.44"),
      ([1e15, 2e15, 3e15], "2.00·10¹⁵, n = 3"),
    ] {
      let plot = RunStrips(
        rows: [RunStrips.Row(name: "a", sample: Sample(values))], measure: "loss", decimals: 2,
        title: "Runs")
      let svg = String(decoding: plot.drawing.file, as: UTF8.self)
      let text = try #require(
        svg.matches(
          of: /<text class="soft" x="([0-9.]+)" y="[0-9.]+" font-size="([0-9.]+)">([^<]+)</
        )
        .last)
      #expect(text.3.hasSuffix(words), "\(text.3)")
      let (start, size) = try (#require(Double(text.1)), #require(Double(text.2)))
      #expect(start + 0.58 * size * Double(text.3.count) <= 860)
    }
  }

  @Test("say beside a row that it has few runs")
  func few() {
    let plot = RunStrips(
      rows: [RunStrips.Row(name: "a", sample: Sample([1, 2, 3]))], measure: "loss", decimals: 2,
      title: "Runs")
    #expect(String(decoding: plot.drawing.file, as: UTF8.self).contains("2.00, n = 3"))
  }
}

@Suite("Curves over the number of runs")
struct RunBudgetCurvesTests {
  @Test("tell a point's interval where it is pointed at, and only of points that have one")
  func intervals() {
    let points = [
      RunBudgetCurves.Point(k: 1, value: 147.22, interval: Interval(146.98, 147.48)),
      RunBudgetCurves.Point(k: 2, value: 146.72),
    ]
    let plot = RunBudgetCurves(
      curves: [RunBudgetCurves.Curve(name: "a", points: points)], measure: "loss", decimals: 2,
      title: "Best")
    let svg = String(decoding: plot.drawing.file, as: UTF8.self)
    #expect(svg.contains("a, 1 run: 147.22, 95 % interval 146.98 to 147.48</title>"))
    #expect(svg.contains("a, 2 runs: 146.72</title>"))
  }
}
