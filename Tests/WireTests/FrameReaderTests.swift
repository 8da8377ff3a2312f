import Testing
import Wire

@Suite("A pipe's frames")
struct FrameReaderTests {
  @Test("come out whole, however the bytes arrive", arguments: [1, 2, 3, 7, 1000, 100_000])
  func pieces(size: Int) throws {
    let messages = try Samples.toCoordinator().map(\.message)
    var stream: [UInt8] = []
    for message in messages { stream += try Frame.lengthPrefixed(Frame.encode(message)) }
    // One byte at a time through 256 KiB says no more than through the first messages.
    stream = size == 1 ? Array(stream.prefix(5000)) : stream
    var reader = FrameReader()
    var read: [ToCoordinator] = []
    var place = 0
    while place < stream.count {
      let end = min(place + size, stream.count)
      reader.append(stream[place..<end])
      place = end
      while let next = try reader.nextMessages(ToCoordinator.self) { read += next }
    }
    #expect(read == Array(messages.prefix(read.count)))
    #expect(size == 1 ? read.count > 5 : read.count == messages.count)
    #expect(size == 1 || reader.pending == 0)
  }

  @Test("stand behind four bytes of length, big-endian")
  func prefix() throws {
    #expect(try Frame.lengthPrefixed([7, 8, 9]) == [0, 0, 0, 3, 7, 8, 9])
    var reader = FrameReader()
    reader.append([0, 0, 0, 3, 7, 8])
    #expect(try reader.next() == nil)
    reader.append([9, 0, 0])
    #expect(try reader.next() == [7, 8, 9])
    #expect(reader.pending == 2)
  }

  @Test("are refused above a mebibyte as soon as their length is known")
  func oversize() throws {
    var reader = FrameReader()
    reader.append([0xff, 0xff, 0xff, 0xff])
    #expect(throws: WireError.oversize(bytes: 0xffff_ffff)) { try reader.next() }
    let frame = [UInt8](repeating: 0, count: Frame.largest + 1)
    #expect(throws: WireError.oversize(bytes: Frame.largest + 1)) {
      try Frame.lengthPrefixed(frame)
    }
  }
}
