import Foundation
import Platform
import Testing
import ZeroMQ

@Suite("Polling", .timeLimit(.minutes(1)))
struct PollerTests {
  private enum Source: Hashable {
    case network
    case wakeUp
    case trainer(Int)
  }

  @Test("Sockets, wake-ups and pipes are waited for together")
  func together() throws {
    let pair = try Pair()
    let wakeUp = try WakeUp()
    let pipe = Foundation.Pipe()
    var poller = Poller<Source>()
    poller.watch(pair.router, as: .network)
    poller.watch(wakeUp, as: .wakeUp)
    poller.watch(descriptor: pipe.fileHandleForReading.fileDescriptor, as: .trainer(3))
    #expect(try poller.wait(.zero).isEmpty)

    pipe.fileHandleForWriting.write(Data([1]))
    let first = try poller.wait(patience)
    #expect(first.map(\.tag) == [.trainer(3)])
    #expect(first.first?.events == .readable)

    wakeUp.signal()
    wakeUp.signal()
    #expect(try poller.wait(patience).map(\.tag) == [.wakeUp, .trainer(3)])
    #expect(wakeUp.clear())
    #expect(!wakeUp.clear())

    poller.unwatch(.trainer(3))
    #expect(try pair.dealer.send([[1]]) == .sent)
    #expect(try poller.wait(patience).map(\.tag) == [.network])
    #expect(try pair.router.receive()?.frames == [[1]])
    #expect(try poller.wait(.zero).isEmpty)
  }

  @Test("The end of a pipe is reported, after the bytes before it")
  func endOfPipe() throws {
    let pipe = Foundation.Pipe()
    pipe.fileHandleForWriting.write(Data([1]))
    try pipe.fileHandleForWriting.close()
    var poller = Poller<Source>()
    poller.watch(descriptor: pipe.fileHandleForReading.fileDescriptor, as: .trainer(0))
    #expect(try poller.wait(patience).first?.events == [.readable, .closed])
    #expect(try pipe.fileHandleForReading.read(upToCount: 1) == Data([1]))
    #expect(try poller.wait(patience).first?.events == .closed)
  }

  @Test("Room to write is reported where asked for")
  func writable() throws {
    let pair = try Pair()
    var poller = Poller<Source>()
    poller.watch(pair.dealer, as: .network, for: [.readable, .writable])
    #expect(try poller.wait(patience).first?.events == .writable)
    poller.watch(pair.dealer, as: .network)
    #expect(try poller.wait(.zero).isEmpty)
  }

  @Test("Another thread's signal ends a long wait")
  func fromAnotherThread() throws {
    let wakeUp = try WakeUp()
    var poller = Poller<Source>()
    poller.watch(wakeUp, as: .wakeUp)
    let thread = Thread { wakeUp.signal() }
    thread.start()
    #expect(try poller.wait(patience).map(\.tag) == [.wakeUp])
  }

  @Test("A short wait is not cut to none")
  func shortWait() throws {
    let wakeUp = try WakeUp()
    var poller = Poller<Source>()
    poller.watch(wakeUp, as: .wakeUp)
    let start = ContinuousClock.now
    #expect(try poller.wait(.microseconds(1500)).isEmpty)
    #expect(ContinuousClock.now - start >= .microseconds(1500))
  }

  @Test("A closed socket, and an endless wait for nothing, are errors")
  func misuse() throws {
    var poller = Poller<Source>()
    #expect(throws: ZeroMQError.self) { try poller.wait(nil) }
    #expect(try poller.wait(.milliseconds(1)).isEmpty)
    let pair = try Pair()
    poller.watch(pair.router, as: .network)
    pair.router.close()
    let error = #expect(throws: ZeroMQError.self) { try poller.wait(.zero) }
    #expect(error?.code == .notASocket)
  }

  @Test("Signals do not cut a wait short")
  func interrupted() throws {
    let wakeUp = try WakeUp()
    var poller = Poller<Source>()
    poller.watch(wakeUp, as: .wakeUp)
    signal(SIGUSR1) { _ in }
    let waiter = pthread_self()
    let thread = Thread {
      for _ in 0..<50 {
        pthread_kill(waiter, SIGUSR1)
        // Spreads the signals over the wait; nothing waits for this.
        usleep(500)
      }
      wakeUp.signal()
    }
    thread.start()
    #expect(try poller.wait(patience).map(\.tag) == [.wakeUp])
  }
}
