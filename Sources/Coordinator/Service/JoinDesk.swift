import Glibc
import Keyring
import Platform
import Wire
import ZeroMQ

/// What whoever came with an invitation asks for.
struct JoinRequest: Sendable {
  let envelope: Envelope<Join>
  let invitation: InvitationHash
  let peer: PeerID
  /// The peer's network address.
  let address: String

  /// The worker's own key.
  var key: CurvePublicKey? { CurvePublicKey(envelope.message.key) }
}

/// Lets workers in by their invitations.
///
/// A thread of its own changes the list of approved keys: it waits for the disk, and for whoever else
/// changes the list, and must not silence the loop.
final class JoinDesk {
  /// What the thread has to say to the loop.
  private enum Report: Sendable {
    case settled(JoinRequest, Joining)
    /// The lists could not be read or written; these are not answered, and ask again.
    case failed([JoinRequest], KeyringError)
  }

  /// What the loop is to say and to send.
  struct Answer {
    var line: LogLine?
    var isRefusal = false
    var message: (Envelope<ToWorker>, PeerID)?
  }

  /// Requests that wait at once; a worker whose request is left out asks again.
  private static let maxWaiting = 4096

  private let admission: KeyAdmission
  private let requests: Mailbox<JoinRequest>
  private let reports: Mailbox<Report>
  /// Each has one request at most: whoever asks without a pause fills nothing.
  private var waiting: Set<PeerID> = []
  // Its deinit waits for the thread.
  private let thread: OwnedThread

  /// - Parameter wakeUp: Signalled when there is an answer.
  init(_ admission: KeyAdmission, waking wakeUp: WakeUp) throws(SystemError) {
    self.admission = admission
    let (requests, reports) = (try Mailbox<JoinRequest>(), try Mailbox<Report>(waking: wakeUp))
    (self.requests, self.reports) = (requests, reports)
    thread = try Self.start(requests, in: admission.keys.folder, reporting: reports)
  }

  deinit { requests.close() }

  private static func start(
    _ requests: Mailbox<JoinRequest>, in folder: KeyFolder, reporting reports: Mailbox<Report>
  ) throws(SystemError) -> OwnedThread {
    try OwnedThread(name: "invitations") {
      // All that have gathered meanwhile cost one write.
      while let all = requests.waitForAll() {
        reports.put(contentsOf: settle(all, in: folder))
      }
    }
  }

  private static func settle(_ requests: [JoinRequest], in folder: KeyFolder) -> [Report] {
    var known: [JoinRequest] = []
    var guests: [Guest] = []
    for request in requests {
      guard let key = request.key else { continue }
      known.append(request)
      guests.append(
        Guest(
          key: key, name: ApprovedKeys.name(from: request.envelope.message.host),
          invitation: request.invitation))
    }
    do throws(KeyringError) {
      return zip(known, try folder.admit(guests, at: time(nil))).map { .settled($0, $1) }
    } catch {
      return [.failed(known, error)]
    }
  }

  func ask(_ request: JoinRequest) {
    guard waiting.count < Self.maxWaiting, waiting.insert(request.peer).inserted else { return }
    requests.put(request)
  }

  /// The keys that were approved are known by the time that this returns.
  func takeAnswers() -> [Answer] {
    let reports = reports.takeAll()
    guard !reports.isEmpty else { return [] }
    admission.refresh()
    return reports.map { report in
      switch report {
      case .settled(let request, let joining):
        waiting.remove(request.peer)
        return answer(request, joining)
      case .failed(let requests, let error):
        for request in requests { waiting.remove(request.peer) }
        return Answer(line: LogLine(.warning, "nobody is let in by an invitation: \(error)"))
      }
    }
  }

  private func answer(_ request: JoinRequest, _ joining: Joining) -> Answer {
    let (join, hash) = (request.envelope.message, request.invitation)
    guard let key = request.key else { return Answer() }
    let name = admission.keys.invitations[hash]?.name
    let reply = joining.reply(
      invitation: name, approval: admission.command(approving: key, from: request.address))
    let message = (request.envelope.with(ToWorker.joinReply(reply)), request.peer)
    let invitation = [name, "(\(hash.short))"].compactMap(\.self).joined(separator: " ")
    let guest = "\(join.host) at \(request.address) with key \(key)"
    switch (reply, joining) {
    case (.admitted, .admitted(isNew: true)):
      let line = "the invitation \(invitation) lets in \(guest)"
      return Answer(line: LogLine(.info, line), message: message)
    case (.admitted, _): return Answer(message: message)
    case (.refused(let reason), _):
      let line = "the invitation \(invitation) does not let in \(guest): \(reason)"
      return Answer(line: LogLine(.warning, line), isRefusal: true, message: message)
    }
  }
}
