import Dataset
import Dispatch
internal import Foundation
internal import Glibc
import Sweep
import Synchronization
import VAE
import Wire

/// The life of a trainer process: order after order from standard input, reports on standard
/// output, the end when the input ends.
package enum TrainerMain {
  /// Does not return before the input ends; a broken pipe ends the process at once.
  ///
  /// - Parameter sealedDataset: The digest of what stands at descriptor 3, where the worker has given
  ///   this process a dataset.
  package static func run(sealedDataset: String?) -> Int32 {
    // A signal from the terminal or from Slurm goes to every process of the job. The worker hears
    // it and decides; a trainer that died of it would look like a failure.
    signal(SIGINT, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    signal(SIGHUP, SIG_IGN)
    let host = HostIdentity.measure()
    let orders = OrderQueue()
    let reader = Thread { orders.readStandardInput() }
    reader.start()
    say(.ready(TrainerReady(fingerprint: host.fingerprint, blasCore: host.blasCore)))
    var datasets = TrainerDataset(sealedDigest: sealedDataset)
    while let order = orders.next() {
      do {
        train(order, try datasets.open(for: order), host, orders)
      } catch {
        endByHostFault("\(error)")
      }
    }
    return 0
  }

  /// The host's fault, not the point's: another host may train it.
  private static func endByHostFault(_ reason: String) -> Never {
    say(.hostFault(TrainerHostFault(reason: reason)))
    _exit(TrainerExit.hostFaultStatus)
  }

  private static func train(
    _ order: TrainerOrder, _ dataset: Dataset, _ host: HostIdentity,
    _ orders: OrderQueue
  ) {
    let training = PointTraining(
      key: order.key, point: order.point, dataset: dataset, host: host, keeping: order.artifacts)
    var checkpoints = order.checkpoints.map {
      CheckpointWriting(order: order, checkpoints: $0, fingerprint: host.fingerprint)
    }
    let state = checkpoints?.resume()
    var lastReport = ContinuousClock.now
    var beats = 0
    do throws(TrainingError) {
      let finished = try training.run(from: state) { progress, trainer in
        beats += 1
        let now = ContinuousClock.now
        let isStopping = orders.isAskedToStop
        if isStopping || checkpoints?.isDue(at: now) == true {
          do throws(DatasetError) {
            // A state that follows from other images must not be gone on from.
            try dataset.requireUnchanged()
          } catch {
            endByHostFault("\(error)")
          }
          if let report = checkpoints?.write(trainer, isStopped: isStopping) {
            say(.checkpoint(report))
          }
        }
        if isStopping { _exit(0) }
        if now - lastReport >= .milliseconds(200) {
          lastReport = now
          let position = AttemptProgress(
            step: progress.step, steps: progress.steps, epoch: progress.epoch, beats: beats,
            ended: progress.ended, resumedAt: trainer.resumedAt)
          say(.progress(TrainerProgress(progress: position)))
        }
        return true
      }
      guard let finished else { return }
      for artifact in finished.artifacts {
        for piece in TrainerArtifact.pieces(of: artifact) { say(.artifact(piece)) }
      }
      say(.outcome(TrainerOutcome(outcome: finished.outcome, receipt: finished.receipt)))
    } catch {
      switch error {
      case .point(let reason): say(.refusal(TrainerRefusal(reason: "\(reason)")))
      case .host(let reason): endByHostFault("\(reason)")
      }
    }
  }

  private static func say(_ message: FromTrainer) {
    let bytes: [UInt8]
    do throws(WireError) {
      bytes = try Frame.lengthPrefixed(try Frame.encode(message))
    } catch {
      if case .refusal = message { _exit(70) }
      // Of this point nothing else can be told, by whoever trains it.
      return say(
        .refusal(TrainerRefusal(reason: "what came of its training cannot be sent: \(error)")))
    }
    // Where nobody listens any more the process has no purpose.
    if writeAll(bytes, to: STDOUT_FILENO) != nil { _exit(0) }
  }
}

/// Orders between the thread that reads them and the one that trains.
private final class OrderQueue: Sendable {
  private let orders = Mutex<[TrainerOrder]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let stop = Atomic(false)

  /// Whether the order under way is to end with a checkpoint, and the process with it.
  var isAskedToStop: Bool { stop.load(ordering: .relaxed) }

  /// The next order; waits for it.
  func next() -> TrainerOrder? {
    arrived.wait()
    if isAskedToStop { return nil }
    return orders.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }

  /// Reads until the input ends, and then ends the process in the middle of whatever it does.
  func readStandardInput() {
    var reader = FrameReader()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { _exit(0) }
      reader.append(buffer[..<count])
      do {
        while let messages = try reader.nextMessages(ToTrainer.self) {
          for message in messages {
            switch message {
            case .order(let order): orders.withLock { $0.append(order) }
            case .checkpointRequest: stop.store(true, ordering: .relaxed)
            }
            arrived.signal()
          }
        }
      } catch {
        _exit(70)
      }
    }
  }
}
