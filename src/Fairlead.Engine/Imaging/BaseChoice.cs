using Fairlead.Model.Images;

namespace Fairlead.Engine.Imaging;

/// <summary>What an image stands on.</summary>
public abstract record BaseChoice
{
    private BaseChoice() { }

    /// <summary>Nothing where the program needs nothing, else this machine's own runtime.</summary>
    public sealed record Found : BaseChoice;

    /// <summary>Nothing but users, a folder for temporary files and certificates: for programs that are linked statically.</summary>
    public sealed record Scratch : BaseChoice;

    /// <summary>What the program needs of this machine.</summary>
    public sealed record Host : BaseChoice;

    /// <summary>An image of a registry, by what its name means now.</summary>
    public sealed record Image(ImageReference Name) : BaseChoice;

    /// <summary>Reads <c>scratch</c>, <c>host</c> or an image's name; what is not said is found.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static BaseChoice Of(string? text) =>
        text switch
        {
            null => new Found(),
            "scratch" => new Scratch(),
            "host" => new Host(),
            _ => new Image(ImageReference.Parse(text)),
        };
}
