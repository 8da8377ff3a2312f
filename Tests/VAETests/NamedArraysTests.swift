import Testing
import VAE

@Suite("Arrays under names")
struct NamedArraysTests {
  private var arrays: NamedArrays {
    var arrays = NamedArrays()
    arrays.set(
      "mu", shape: [2, 3], .floats([0, -0.0, 1.5, .infinity, .leastNonzeroMagnitude, -7]))
    arrays.set("labels", shape: [4], .bytes([0, 255, 9, 1]))
    arrays.set("steps", shape: [1, 1, 2], .integers([.min, .max]))
    arrays.set("empty", shape: [0, 784], .bytes([]))
    arrays.set("number", shape: [], .floats([3]))
    return arrays
  }

  @Test("come back from their bytes as they were")
  func roundTrip() throws {
    let read = try #require(NamedArrays(data: arrays.data))
    #expect(read == arrays)
    #expect(read.names == ["empty", "labels", "mu", "number", "steps"])
    #expect(read.floats("mu", rank: 2)?.shape == [2, 3])
    #expect(read.floats("mu", rank: 2)?.values[1].sign == .minus)
    #expect(read.bytes("labels", rank: 1)?.values == [0, 255, 9, 1])
    #expect(read.integers("steps", rank: 3)?.values == [.min, .max])
    #expect(NamedArrays(data: NamedArrays().data) == NamedArrays())
  }

  @Test("are told apart by name, type and rank")
  func wrongKind() {
    #expect(arrays.floats("mu", rank: 1) == nil)
    #expect(arrays.bytes("mu", rank: 2) == nil)
    #expect(arrays.integers("labels", rank: 1) == nil)
    #expect(arrays["none"] == nil)
  }

  @Test("have the same bytes in whichever order they were set")
  func order() {
    var other = NamedArrays()
    for name in arrays.names.reversed() {
      if let entry = arrays[name] { other.set(name, shape: entry.shape, entry.elements) }
    }
    #expect(other.data == arrays.data)
    #expect(Array(other.data.prefix(6)) == Array("VAEA".utf8) + [1, 5])
  }

  @Test("are refused when cut short anywhere, or with bytes behind them")
  func cut() {
    let data = arrays.data
    for length in 0..<data.count { #expect(NamedArrays(data: Array(data[..<length])) == nil) }
    #expect(NamedArrays(data: data + [0]) == nil)
  }

  @Test("are refused under a name that is not UTF-8, which would come back as another")
  func invalidName() {
    let name = [UInt8](repeating: 0xff, count: 200)
    let data: [UInt8] = Array("VAEA".utf8) + [1, 1, 200] + name + [0, 0, 7]
    #expect(NamedArrays(data: data) == nil)
  }

  @Test("never trap on damaged bytes, and never name an array that does not fit its shape")
  func damaged() {
    let data = arrays.data
    for place in data.indices {
      for value: UInt8 in [0, 1, 127, 255] where data[place] != value {
        var bytes = data
        bytes[place] = value
        guard let read = NamedArrays(data: bytes) else { continue }
        for name in read.names {
          guard let entry = read[name] else { continue }
          let count =
            switch entry.elements {
            case .bytes(let values): values.count
            case .floats(let values): values.count
            case .integers(let values): values.count
            case .doubles(let values): values.count
            }
          #expect(entry.shape.reduce(1, *) == count)
        }
      }
    }
    // A name twice, a type of its own, a shape whose size overflows.
    let one = Array("VAEA".utf8) + [1, 2, 1, 97, 0, 0, 5, 1, 97, 0, 0, 5]
    #expect(NamedArrays(data: one) == nil)
    #expect(NamedArrays(data: Array("VAEA".utf8) + [1, 1, 1, 97, 4, 0, 5]) == nil)
    let huge: [UInt8] = [255, 255, 255, 255]
    #expect(
      NamedArrays(data: Array("VAEA".utf8) + [1, 1, 1, 97, 1, 4] + huge + huge + huge + huge) == nil
    )
  }
}
