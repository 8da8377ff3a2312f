import Dashboard
import Sweep
import Testing

@Suite("The strip of a configuration's runs")
struct OutcomeStripTests {
  private func strip(_ values: [(value: Double, key: Int)]) -> OutcomeStrip {
    var strip = OutcomeStrip()
    for (value, key) in values { strip.add(value, of: PointKey(Digest(of: "\(key)"))) }
    return strip
  }

  @Test("Of few runs it has every one, in order")
  func few() {
    let strip = strip([(3, 1), (1, 2), (2, 3), (2, 4)])
    #expect(strip.dots(atMost: 10) == [1, 2, 2, 3])
    #expect(strip.count == 4 && !strip.isThinned)
    #expect(strip.quantile(0.5) == 2 && strip.quantile(0) == 1 && strip.quantile(1) == 3)
    #expect(OutcomeStrip().dots(atMost: 10).isEmpty)
  }

  @Test("Of many it has some at even ranks, the least and the greatest among them")
  func many() {
    let strip = strip((0..<1000).map { (Double($0), $0) })
    let dots = strip.dots(atMost: 50)
    #expect(dots.count == 50 && dots.first == 0 && dots.last == 999)
    #expect(dots == dots.sorted())
    for (place, dot) in dots.enumerated() { #expect(abs(dot - Double(place) * 999 / 49) < 1e-9) }
    #expect(strip.dots(atMost: 1) == [0, 999])
  }

  @Test("Of very many it keeps a share that does not depend on their order")
  func thinned() {
    let values = (0..<20_000).map { (value: Double($0 * 7919 % 20_000), key: $0) }
    let (up, down) = (strip(values), strip(values.reversed()))
    #expect(up.dots(atMost: 200) == down.dots(atMost: 200))
    #expect(up.isThinned && up.count == 20_000)
    #expect(up.dots(atMost: 200).first == 0 && up.dots(atMost: 200).last == 19_999)
    // A thousand or more are kept, whose median is nearly that of all.
    #expect(abs(up.quantile(0.5) - 10_000) < 1000)
  }
}
