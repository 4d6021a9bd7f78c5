namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>
/// The two sizes in which every picture is drawn: a browser shows the one that fits, so letters are never made smaller with it.
/// </summary>
/// <param name="Width">In the units of the letters: 1 is a CSS pixel where the picture has its own width.</param>
/// <param name="Name">wide or slim.</param>
public sealed record Canvas(double Width, string Name)
{
    public static readonly Canvas Wide = new(1000, "wide");
    public static readonly Canvas Half = new(500, "wide");
    public static readonly Canvas Slim = new(330, "slim");

    public bool IsSlim => Width < 400;
}
