using CsCheck;
using Fairlead.Roles.Edge;

namespace Fairlead.Tests.Edge;

public sealed class FrameBoundaryTests
{
    private static readonly int[] Sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];

    [Fact]
    public void Frames_of_every_size_cut_anywhere_end_where_they_end() =>
        Gen.Select(Gen.Int[0, 7].Select(size => Sizes[size]), Gen.Bool, Gen.Int[1, 70_100])
            .Sample(
                (size, isMasked, cut) =>
                {
                    byte[] bytes = [.. Frame(size, isMasked), .. Frame(3, isMasked: false)];
                    var boundary = new FrameBoundary();
                    var at = Math.Min(cut, bytes.Length);
                    boundary.Advance(bytes.AsSpan(0, at));
                    Assert.Equal(at == bytes.Length - 5 || at == bytes.Length, boundary.IsBetweenFrames);
                    boundary.Advance(bytes.AsSpan(at));
                    Assert.True(boundary.IsBetweenFrames);
                },
                iter: 500
            );

    private static byte[] Frame(int size, bool isMasked)
    {
        var mask = isMasked ? 0x80 : 0;
        byte[] length = size switch
        {
            < 126 => [(byte)(size | mask)],
            < 65_536 => [(byte)(126 | mask), (byte)(size >> 8), (byte)size],
            _ =>
            [
                (byte)(127 | mask),
                0,
                0,
                0,
                0,
                (byte)(size >> 24),
                (byte)(size >> 16),
                (byte)(size >> 8),
                (byte)size,
            ],
        };
        return [0x82, .. length, .. new byte[isMasked ? 4 : 0], .. new byte[size]];
    }
}
