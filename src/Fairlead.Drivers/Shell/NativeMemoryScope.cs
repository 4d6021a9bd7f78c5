using System.Runtime.InteropServices;

namespace Fairlead.Drivers.Shell;

/// <summary>Memory that the C library reads, freed together.</summary>
internal sealed class NativeMemoryScope : IDisposable
{
    private readonly List<nint> blocks = [];
    private readonly List<nint> strings = [];

    public unsafe nint Zeroed(int bytes)
    {
        var block = (nint)NativeMemory.AllocZeroed((nuint)bytes);
        blocks.Add(block);
        return block;
    }

    /// <summary>A list as <c>execve</c> wants it: pointers to texts ending in zero, the last one null.</summary>
    public nint Strings(IReadOnlyList<string> texts)
    {
        var list = Zeroed((texts.Count + 1) * nint.Size);
        for (var index = 0; index < texts.Count; index++)
        {
            var text = Marshal.StringToCoTaskMemUTF8(texts[index]);
            strings.Add(text);
            Marshal.WriteIntPtr(list, index * nint.Size, text);
        }
        return list;
    }

    public unsafe void Dispose()
    {
        blocks.ForEach(block => NativeMemory.Free((void*)block));
        strings.ForEach(Marshal.FreeCoTaskMem);
    }
}
