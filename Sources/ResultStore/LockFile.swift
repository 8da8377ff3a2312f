internal import Glibc

/// Keeps a second coordinator off a store: an exclusive flock(2) on `STORE.lock`, held for life.
///
/// The kernel drops it with the process, however that ends. The file is removed at the end, under
/// its own lock; whoever locked a removed file finds out and starts over.
struct LockFile: ~Copyable, Sendable {
  private let descriptor: CInt
  private let path: String

  init(store: String, shownAs shown: String) throws(StoreError) {
    let path = store + ".lock"
    while true {
      let descriptor = try Self.open(path, shownAs: shown)
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let holder = Self.holder(descriptor)
        close(descriptor)
        throw StoreError(
          .inUse, "open", shown,
          "another coordinator\(holder) holds it; stop that one, or choose another store")
      }
      if Self.isStillNamed(path, descriptor) {
        let line = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        self.descriptor = descriptor
        self.path = path
        return
      }
      close(descriptor)
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func open(_ path: String, shownAs shown: String) throws(StoreError) -> CInt {
    while true {
      let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      if descriptor >= 0 { return descriptor }
      let code = errno
      switch code {
      case EINTR:
        continue
      case EACCES, EPERM, EROFS:
        throw StoreError(
          .folder, "open", shown,
          "its folder may not be written to; change its permissions, or choose another folder")
      case ENOSPC, EDQUOT:
        throw StoreError(.diskFull, "open", shown, "the disk is full; make room")
      default:
        throw StoreError(
          .unreliable, "open", shown,
          "its lock file cannot be made (\(String(cString: strerror(code))))")
      }
    }
  }

  private static func holder(_ descriptor: CInt) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return "" }
    let digits = String(decoding: bytes.prefix(count).prefix { $0 != 10 }, as: UTF8.self)
    return Int(digits).map { " (process \($0))" } ?? ""
  }

  private static func isStillNamed(_ path: String, _ descriptor: CInt) -> Bool {
    var held = stat()
    var named = stat()
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
      && held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
