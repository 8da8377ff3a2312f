import Figures
import Testing
import VAE

@Suite("The legend of a picture's classes")
struct ClassLegendTests {
  private func drawing(_ labels: [UInt8], _ kind: LabelKind) throws -> Drawing {
    var arrays = NamedArrays()
    let mu = labels.indices.map { Float($0) / 10 }
    arrays.set("labels", shape: [labels.count], .bytes(labels))
    arrays.set("mu", shape: [labels.count, 2], .floats(mu + mu))
    let codes = try #require(Codes(arrays, latentDim: 2))
    return CodesPlot(codes: codes, scale: CodesScale([codes]), labels: kind, title: "t").drawing
  }

  /// The words of the legend, which alone follow a circle of five pixels.
  private func legend(_ drawing: Drawing) -> [String] {
    drawing.body.text.matches(of: /r="5"\/><text[^>]*>(\d+)<\/text>/).map { String($0.1) }
  }

  @Test("lists the ten digits, or the classes that occur, as many as fit")
  func listed() throws {
    #expect(try legend(drawing([1, 2, 2], .digits)) == (0...9).map(String.init))
    #expect(try legend(drawing([1, 2, 2], .classes)) == ["1", "2"])
    #expect(try legend(drawing((0..<30).map { $0 }, .classes)) == (0..<18).map(String.init))
  }

  @Test("has room for labels of several digits")
  func room() throws {
    let widths = try [[9], [10], [200]].map { try drawing($0, .classes).width }
    #expect(widths == [526, 534, 542])
    #expect(try drawing([9], .digits).width == 526)
  }
}
