import Platform
import Testing
import Worker

@Suite("How long a trainer has stood still")
struct StillnessTests {
  /// A trainer of which each second is one of these.
  private enum Second {
    /// On a CPU.
    case runs
    /// Ready to run, and elsewhere's turn.
    case waits
    /// Asleep, blocked or stopped.
    case sleeps
  }

  private func length(_ seconds: [Second]) -> (length: Duration, waits: Int) {
    var stillness = Stillness()
    stillness.begin(at: .zero)
    var use = ProcessorUse(running: .seconds(1), waiting: .zero, isRunnable: true)
    stillness.note(use, at: .zero)
    for (index, second) in seconds.enumerated() {
      switch second {
      case .runs: use.running += .seconds(1)
      case .waits: use.waiting += .seconds(1)
      case .sleeps: break
      }
      use.isRunnable = second != .sleeps
      stillness.note(use, at: .seconds(index + 1))
    }
    return (stillness.length(at: .seconds(seconds.count)), stillness.waits)
  }

  @Test("counts time on a CPU and time asleep, and none of the wait for a CPU")
  func shares() {
    #expect(length(Array(repeating: .runs, count: 10)).length == .seconds(10))
    #expect(length(Array(repeating: .sleeps, count: 10)).length == .seconds(10))
    let slow = length([.runs] + Array(repeating: .waits, count: 9))
    #expect(slow.length == .seconds(1))
    // To the coordinator it lives.
    #expect(slow.waits == 9)
    #expect(length([.runs, .sleeps]).waits == 0)
  }

  @Test("counts no wait that the kernel books late: a trainer that could run ran or waited")
  func lateBooking() {
    var stillness = Stillness()
    stillness.begin(at: .zero)
    let use = ProcessorUse(running: .seconds(1), waiting: .zero, isRunnable: true)
    stillness.note(use, at: .zero)
    stillness.note(use, at: .seconds(5))
    #expect(stillness.length(at: .seconds(5)) == .zero)
  }

  @Test("counts all time where the system does not tell")
  func untold() {
    var stillness = Stillness()
    stillness.begin(at: .seconds(1))
    #expect(stillness.length(at: .seconds(4)) == .seconds(3))
    stillness.note(nil, at: .seconds(5))
    #expect(stillness.length(at: .seconds(6)) == .seconds(5))
  }

  @Test("begins anew with progress")
  func progress() {
    var stillness = Stillness()
    stillness.begin(at: .zero)
    stillness.note(nil, at: .seconds(5))
    stillness.end(at: .seconds(6))
    #expect(stillness.length(at: .seconds(7)) == .seconds(1))
  }
}
