import Coordinator
import Sweep
import TestSupport
import Wire

extension World {
  mutating func transmit(_ message: Envelope<ToWorker>, to peer: PeerID) {
    let index = Int(peer.bytes[0])
    let life = workers[index].life
    guard UInt8(truncatingIfNeeded: life) == peer.bytes[1] else { return }
    for _ in 0..<copies() {
      let arrival = now + random.delay(trouble.delay)
      guard arrival >= workers[index].downIsCutUntil else {
        happenings.cut += 1
        continue
      }
      agenda.add(.toWorker(message, index, life: life), at: arrival)
    }
  }

  mutating func send(_ envelope: Envelope<WorkerMessage>, from index: Int) {
    let peer = workers[index].peer
    switch envelope.message {
    case .hello: witness.meet(envelope.session, at: peer)
    case .delivery(let delivery):
      workers[index].delivered[delivery.attempt] = delivery.outcome.key
    case .ready, .heartbeat, .failure, .handback, .checkpointOffer, .blobRequest, .blobChunk,
      .goodbye:
      break
    }
    for _ in 0..<copies() {
      let arrival = now + random.delay(trouble.delay)
      guard arrival >= workers[index].upIsCutUntil else {
        happenings.cut += 1
        continue
      }
      agenda.add(.toCoordinator(envelope, from: peer), at: arrival)
    }
  }

  mutating func copies() -> Int {
    guard !isCalm else { return 1 }
    if trouble.loss > 0, random.chance(trouble.loss) {
      happenings.lost += 1
      return 0
    }
    guard trouble.doubling > 0, random.chance(trouble.doubling) else { return 1 }
    happenings.doubled += 1
    return 2
  }
}
