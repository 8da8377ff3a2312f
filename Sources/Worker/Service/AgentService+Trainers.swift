internal import Foundation
import Logging
import Platform
import Wire
import ZeroMQ

extension AgentService {
  func startTrainer(_ slot: SlotID, _ core: String) {
    let environment = TrainerEnvironment.make(
      blasCore: core, base: ProcessInfo.processInfo.environment)
    do {
      let trainer = try TrainerProcess(
        binary: options.binary, environment: environment, dataset: dataset,
        cpu: options.cpus.isEmpty ? nil : options.cpus[slot.number % options.cpus.count])
      trainers[slot] = trainer
      poller.watch(descriptor: trainer.output, as: .trainer(slot))
    } catch {
      pending.append(.trainerEnded(slot, .notStarted("\(error)")))
    }
  }

  /// Tells the session now and then what its trainers have had of the CPU.
  func measureTrainers(at now: Duration, _ tell: (AgentEvent) -> Void) {
    guard let pause = session.measuringPause, now - lastMeasured >= pause else { return }
    lastMeasured = now
    for (slot, trainer) in trainers {
      tell(.trainerMeasured(slot, ProcessorUse(of: trainer.number)))
    }
  }

  /// Reads what a trainer has said, or sees that it has ended.
  func hear(_ slot: SlotID) -> [AgentEvent] {
    guard let trainer = trainers[slot] else { return [] }
    do throws(WireError) {
      let (messages, isOpen) = try trainer.read()
      if isOpen { return messages.map { .trainerSaid(slot, $0) } }
    } catch {
      logger.error("a trainer spoke nonsense: \(error)")
      trainer.killNow()
    }
    poller.unwatch(.trainer(slot))
    let exit = trainer.collectEnd()
    trainers[slot] = nil
    return [.trainerEnded(slot, exit)]
  }
}
