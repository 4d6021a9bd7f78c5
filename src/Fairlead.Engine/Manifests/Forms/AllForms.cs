using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>Which form a property has, by its type and its attributes. A new type of value has its line here.</summary>
internal static class AllForms
{
    /// <summary>For whole numbers that say no limits: far above any use, far below an overflow.</summary>
    private const int NumberMax = 10_000;

    public static readonly AnyTextForm AnyText = new();

    public static RecordForm Manifest { get; } = new(typeof(ManifestFile));

    public static RecordForm Pipeline { get; } = new(typeof(Pipelines.Files.PipelineFile));

    public static RecordForm Checks { get; } = new(typeof(Checking.ChecksFile));

    public static Form Of(PropertyInfo property) => Of(property.PropertyType, property);

    private static Form Of(Type written, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(written) ?? written;
        return type switch
        {
            _ when type == typeof(string) => property.GetCustomAttribute<ShapedAttribute>() is { Shape: var shape }
                ? ShapeForms.Of(shape)
                : AnyText,
            _ when type == typeof(int) => Whole(property.GetCustomAttribute<RangeAttribute>()),
            _ when type == typeof(double) => Number(property.GetCustomAttribute<RangeAttribute>()),
            _ when type == typeof(bool) => new YesForm(),
            _ when type == typeof(TimeSpan) => Duration,
            _ when type == typeof(Share) => Share,
            _ when type == typeof(ByteSize) => Size,
            _ when type == typeof(Rate) => RateOf,
            _ when type == typeof(Percent) => PercentOf,
            _ when type == typeof(Points) => PointsOf,
            _ when type == typeof(FreezeWindow) => Freeze,
            _ when type == typeof(Gate) => new GateForm(),
            _ when type == typeof(JudgeRules) => new JudgeForm(),
            _ when type == typeof(Kind) => new KindForm(),
            _ when type == typeof(CommandLine) => new CommandForm(property.IsDefined(typeof(FilledAttribute))),
            _ when type == typeof(IReadOnlyList<CommandLine>) => new CommandsForm(),
            _ when type == typeof(DeployEntry) => new DeployForm(),
            _ when type == typeof(OutsideHost) => Outside,
            _ when type == typeof(SecretsEntry) => new SecretsForm(),
            _ when type == typeof(MonitorsEntry) => new MonitorsForm(),
            _ when type == typeof(CodeRange) => Codes,
            _ when type.IsEnum => ChoiceForm.Of(type),
            _ when type.IsGenericType => Group(type, property),
            _ => new RecordForm(type),
        };
    }

    private static Form Group(Type type, PropertyInfo property)
    {
        var element = type.GetGenericArguments()[^1];
        if (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return new ListForm(element, Of(element, property));
        }
        // Texts under names are environment variables; anything else under names is a thing of the app.
        var names =
            property.GetCustomAttribute<NamedAttribute>()?.Shape
            ?? (element == typeof(string) ? Shape.Variable : Shape.Name);
        return new MapForm(element, Of(element, property), ShapeForms.Of(names));
    }

    private static WholeNumberForm Whole(RangeAttribute? range) =>
        range is null ? new(0, NumberMax) : new((int)range.Minimum, (int)range.Maximum);

    private static NumberForm Number(RangeAttribute? range) =>
        range is null ? new(0, NumberMax) : new((double)range.Minimum, (double)range.Maximum);

    private static ScalarForm Duration { get; } =
        new(
            "a time such as 500ms, 30s, 5m, 2h or 1d, at most 365d",
            "30s",
            @"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$",
            text => Units.TryParseDuration(text)
        );

    private static ScalarForm Outside { get; } =
        new(
            "a host such as api.stripe.com or smtp.example.com:587, or a network such as 10.0.0.0/8:5432 or [2001:db8::/32]:443; /udp at the end for UDP",
            "api.stripe.com",
            @"^(([a-z0-9-]+[.])*[a-z0-9-]+|[0-9.]+/[0-9]{1,2}|\[[0-9a-fA-F:.]+(/[0-9]{1,3})?\])(:[0-9]{1,5})?(/(tcp|udp))?$",
            OutsideHost.TryParse
        );

    private static ScalarForm Freeze { get; } =
        new(
            "a time such as 'Fri 16:00 - Mon 08:00 Europe/Berlin' or '2026-12-20 - 2027-01-04', in a time zone that this machine knows",
            "Fri 16:00 - Mon 08:00",
            "^[A-Za-z0-9_:+/ -]{1,100}$",
            text => FreezeWindow.TryParse(text)
        );

    private static ScalarForm Share { get; } =
        new(
            "a share of traffic from 0% to 100%, whole and with its sign",
            "5%",
            "^(100|[1-9]?[0-9])%$",
            text =>
                text.EndsWith('%')
                && text.Length <= 4
                && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
                && percent <= 100
                    ? percent.Percent
                    : null
        );

    private static ScalarForm PercentOf { get; } =
        new(
            "percent above 0 such as 10% or 0.5%, with its sign",
            "10%",
            @"^\+?[0-9]+(\.[0-9]+)?%$",
            text => Percent.TryParse(text)
        );

    private static ScalarForm PointsOf { get; } =
        new(
            "points of a percentage above 0, at most 100, such as +0.5",
            "+0.5",
            @"^\+?[0-9]+(\.[0-9]+)?$",
            text => Points.TryParse(text)
        );

    private static ScalarForm RateOf { get; } =
        new(
            "so many in so long a time, such as 100/1m: 1 to 1000000, in 1s to 31d",
            "100/1m",
            @"^[0-9]+/([0-9]+(\.[0-9]+)?(ms|s|m|h|d)|[smhd])$",
            text => Rate.TryParse(text)
        );

    private static ScalarForm Codes { get; } =
        new(
            "a status of HTTP such as 200, 2xx or 200-399",
            "200",
            "^([1-5][0-9]{2}(-[1-5][0-9]{2})?|[1-5]xx)$",
            text => CodeRange.TryParse(text)
        );

    private static ScalarForm Size { get; } =
        new(
            "a size such as 512KiB, 256MiB or 1.5GiB",
            "256MiB",
            @"^[0-9]+(\.[0-9]+)?([KMGT]iB|[kMGT]B)$",
            text => ByteSize.TryParse(text)
        );
}
