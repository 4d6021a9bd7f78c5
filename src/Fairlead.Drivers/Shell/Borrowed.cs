using System.Net.Sockets;

namespace Fairlead.Drivers.Shell;

/// <summary>
/// Takes a second handle on a socket of another process of ours, so that its end closes nothing: connections that wait in the
/// socket's queue go on waiting for whoever accepts next.
/// </summary>
public static class Borrowed
{
    /// <summary>Null where the kernel is older than 5.6, or does not let one process look into another (Yama).</summary>
    /// <param name="descriptor">Its number over there.</param>
    public static Socket? TrySocket(int pid, int descriptor)
    {
        var process = Libc.syscall(Libc.PidfdOpen, pid, 0, 0);
        if (process < 0)
        {
            return null;
        }
        var mine = Libc.syscall(Libc.PidfdGetfd, process, descriptor, 0);
        _ = Libc.close((int)process);
        if (mine < 0)
        {
            return null;
        }
        var handle = new SafeSocketHandle((nint)mine, ownsHandle: true);
        try
        {
            return new Socket(handle);
        }
        catch (SocketException)
        {
            // Something else than a socket has that number over there.
            handle.Dispose();
            return null;
        }
    }
}
