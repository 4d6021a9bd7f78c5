using System.Runtime.InteropServices;
using Fairlead.Drivers.Shell;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>
/// A file as memory that is only read. The collector takes it back after the last who has it, and with it the room of a file that was
/// removed; .NET's own views stay for ever once their pointer was asked for.
/// </summary>
internal sealed class MappedFile : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly long size;

    private MappedFile(nint address, long size)
        : base(ownsHandle: true)
    {
        this.size = size;
        SetHandle(address);
    }

    /// <summary>Where it begins. Only as long as somebody keeps this object.</summary>
    public nint Address => handle;

    /// <param name="file">May be closed afterwards.</param>
    /// <exception cref="IOException">It cannot be mapped.</exception>
    public static MappedFile Map(SafeFileHandle file, long size)
    {
        var address = Libc.mmap(0, (nuint)size, Libc.ProtectRead, Libc.MapShared, (int)file.DangerousGetHandle(), 0);
        return address != -1
            ? new(address, size)
            : throw new IOException(
                $"A file of {size} bytes cannot be mapped: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
    }

    protected override bool ReleaseHandle() => Libc.munmap(handle, (nuint)size) == 0;
}
