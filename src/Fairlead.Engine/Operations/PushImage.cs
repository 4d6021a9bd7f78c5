using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Sends an image of this machine to a registry, with what is attached to it.</summary>
public static class PushImage
{
    public sealed record Input
    {
        [Description("Image of this machine, as 'image list' shows it.")]
        [Positional]
        public required string Image { get; init; }

        [Description("Where to, such as ghcr.io/shop/api:42; where its name says when left out.")]
        public string? To { get; init; }
    }

    /// <param name="Image">With the digest by which it is to be pinned.</param>
    public sealed record Output(string Image, string Sent);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("image.push", "Send an image to a registry.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead image push shop/api:42 --to ghcr.io/shop/api:42"],
            Needs = Need.OfAll(Permission.Operate),
        };

    internal static string Text(PushedImage pushed) =>
        $"{SizeReport.Text(pushed.Bytes)} in {pushed.Sent} layers and configs; {pushed.Mounted} mounted from another repository, {pushed.Known} there already";

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var name = ImageViews.Name(input.Image);
        var image = await ImageViews.FindAsync(engine.Images, name, stop);
        var to = input.To is null ? name : ImageViews.Name(input.To);
        var pushed = await engine.Images.Registry.PushAsync(image, to, stop);
        // So that the next push knows which repository has these layers.
        await engine.Images.Store.NameAsync(to, image, stop);
        return new($"{pushed.Pinned}", Text(pushed));
    }
}
