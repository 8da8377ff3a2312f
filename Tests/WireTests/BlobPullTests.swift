import Sweep
import Testing
import Wire

@Suite("A blob that is pulled")
struct BlobPullTests {
  /// Pulls over a link that carries so many bytes a second, with this much delay each way.
  ///
  /// - Returns: How long it took, and the longest that a message behind the chunks would have waited.
  private func pull(_ size: Int, bytesPerSecond: Double, delay: Duration) -> (
    time: Duration, wait: Duration
  ) {
    var now = Duration.zero
    var blob = BlobPull(digest: Digest(of: "a blob"), size: size, at: now)
    var waiting = blob.requests().map { (request: $0, at: now + delay) }
    var linkIsFree = Duration.zero
    var longest = Duration.zero
    while let (request, at) = waiting.first {
      waiting.removeFirst()
      let begin = max(linkIsFree, at)
      linkIsFree = begin + .seconds(Double(request.length) / bytesPerSecond)
      longest = max(longest, linkIsFree - at)
      now = linkIsFree + delay
      let chunk = BlobChunk(
        digest: blob.digest, offset: request.offset, size: size,
        data: [UInt8](repeating: 0, count: request.length))
      let isTaken = blob.receive(chunk, at: now)
      #expect(isTaken)
      waiting += blob.requests().map { (request: $0, at: now + delay) }
      #expect(waiting.count <= BlobPull.outstanding)
    }
    #expect(blob.isComplete)
    return (now, longest)
  }

  @Test("leaves room for heartbeats on a link of 56 kbit/s, and fills one of a gigabit")
  func pace() {
    let slow = pull(1 << 20, bytesPerSecond: 7_000, delay: .milliseconds(50))
    #expect(slow.wait < .seconds(5))
    // The link itself takes 150 seconds.
    #expect(slow.time < .seconds(160))
    let fast = pull(55 << 20, bytesPerSecond: 125e6, delay: .microseconds(100))
    // Half a second for the link itself.
    #expect(fast.time < .milliseconds(600))
  }

  @Test("does not take a long way for a narrow one: 55 MB over two seconds there and back")
  func far() {
    let far = pull(55 << 20, bytesPerSecond: 12.5e6, delay: .seconds(1))
    // Two pieces of 256 KiB each round: 110 rounds, and some that begin small.
    #expect(far.time < .seconds(250))
  }

  @Test("takes late answers and repeated ones for the same pieces")
  func late() {
    var blob = BlobPull(digest: Digest(of: "a blob"), size: 1 << 20, at: .zero)
    func chunk(_ request: BlobRequest) -> BlobChunk {
      BlobChunk(
        digest: request.digest, offset: request.offset, size: 1 << 20,
        data: [UInt8](repeating: 0, count: request.length))
    }
    let first = blob.requests()
    let asksAgain = blob.askAgain(after: .seconds(5), at: .seconds(6))
    #expect(asksAgain)
    let again = blob.requests()
    #expect(again == first)
    // The first answers were only late.
    var taken = (first + again).map { blob.receive(chunk($0), at: .seconds(7)) }
    #expect(taken == [true, true, false, false])
    let next = blob.requests()
    #expect(next.map(\.offset).first == blob.received)
    taken = next.map { blob.receive(chunk($0), at: .seconds(7)) }
    #expect(taken == [true, true])
    // Half of a piece is none.
    let half = blob.requests()[0]
    var short = chunk(half)
    short.data.removeLast()
    let isTaken = blob.receive(short, at: .seconds(8))
    #expect(!isTaken)
  }

  @Test("asks in ever larger pieces where they come at once, and in smaller ones after a silence")
  func lengths() {
    var blob = BlobPull(digest: Digest(of: "a blob"), size: 10 << 20, at: .zero)
    var requests = blob.requests()
    #expect(requests.map(\.length) == [BlobPull.shortest, BlobPull.shortest])
    for _ in 0..<20 {
      let request = requests.removeFirst()
      let chunk = BlobChunk(
        digest: blob.digest, offset: request.offset, size: blob.size,
        data: [UInt8](repeating: 0, count: request.length))
      let isTaken = blob.receive(chunk, at: .milliseconds(1))
      #expect(isTaken)
      requests += blob.requests()
    }
    #expect(requests.last?.length == BlobChunk.largest)
    let asksAgain = blob.askAgain(after: .seconds(5), at: .seconds(6))
    #expect(asksAgain)
    let again = blob.requests()
    #expect(again.map(\.length) == [BlobChunk.largest, BlobChunk.largest])
    for request in again.prefix(1) {
      let chunk = BlobChunk(
        digest: blob.digest, offset: request.offset, size: blob.size,
        data: [UInt8](repeating: 0, count: request.length))
      let isTaken = blob.receive(chunk, at: .seconds(6.5))
      #expect(isTaken)
    }
    #expect(blob.requests().first?.length == BlobChunk.largest / 2)
  }
}
