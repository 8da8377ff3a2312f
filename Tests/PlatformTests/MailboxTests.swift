import Platform
import Testing

@Suite("A mailbox")
struct MailboxTests {
  @Test("gives what was put, in its order, and ends when it is closed")
  func order() throws {
    let (numbers, sums) = (try Mailbox<Int>(), try Mailbox<[Int]>())
    do {
      let thread = try OwnedThread(name: "adder") {
        var all: [Int] = []
        while let some = numbers.waitForAll() { all += some }
        sums.put(all)
      }
      for number in 0..<1000 { numbers.put(number) }
      numbers.close()
      _ = thread
    }
    #expect(sums.takeAll() == [Array(0..<1000)])
  }

  @Test("cuts a pause short when it is closed, and only then")
  func pause() throws {
    let box = try Mailbox<Int>()
    box.put(1)
    #expect(!box.waitForClose(atMost: .milliseconds(1)))
    #expect(box.takeAll() == [1])
    let closer = try OwnedThread(name: "closer") { box.close() }
    // Ten minutes would be a failure of the whole run.
    #expect(box.waitForClose(atMost: .seconds(600)))
    #expect(box.waitForAll() == nil)
    _ = closer
  }

  @Test("wakes the loop that polls for it")
  func waking() throws {
    let wakeUp = try WakeUp()
    let box = try Mailbox<Int>(waking: wakeUp)
    #expect(!wakeUp.wait(atMost: .zero))
    box.put(contentsOf: [])
    #expect(!wakeUp.wait(atMost: .zero))
    box.put(7)
    #expect(wakeUp.wait())
    #expect(wakeUp.clear())
    #expect(box.takeAll() == [7])
  }
}
