using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>Reads a verb's options from its input type, without the cost of its JSON schema.</summary>
public static class Options
{
    public static IReadOnlyList<Option> Of(Type input)
    {
        var defaults = input.GetConstructor(Type.EmptyTypes)?.Invoke(null);
        return
        [
            .. input
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite)
                .Select(property => Read(property, defaults)),
        ];
    }

    /// <summary><c>waitMilliseconds</c> as it is typed: <c>wait-milliseconds</c>.</summary>
    public static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    // Also when no file is named.
    private static bool IsAsked(PropertyInfo property, ConfidentialAttribute confidential) =>
        property.IsDefined(typeof(RequiredMemberAttribute))
        || confidential.Unless is not null
        || confidential.With is not null;

    private static Option Read(PropertyInfo property, object? defaults)
    {
        if (property.GetCustomAttribute<ConfidentialAttribute>() is { } confidential)
        {
            return new("file", JsonNamingPolicy.CamelCase.ConvertName(property.Name), OptionKind.Text)
            {
                Description =
                    $"{property.GetCustomAttribute<DescriptionAttribute>()?.Description} Read from this file; {(IsAsked(property, confidential) ? "from standard input when left out" : "- is standard input")}.",
                IsConfidential = true,
                IsAsked = IsAsked(property, confidential),
                Unless = confidential.Unless,
                With = confidential.With,
            };
        }
        var item = ItemOf(property.PropertyType);
        var type = Nullable.GetUnderlyingType(item ?? property.PropertyType) ?? item ?? property.PropertyType;
        var name = Kebab(property.Name);
        return new(name, JsonNamingPolicy.CamelCase.ConvertName(property.Name), KindOf(type))
        {
            Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
            Alias = name is "environment" ? "env" : null,
            Default =
                item is null && defaults is not null && !property.IsDefined(typeof(RequiredMemberAttribute))
                    ? DefaultText(property.GetValue(defaults))
                    : null,
            Choices = type.IsEnum ? ChoicesOf(type) : [],
            Names = property.GetCustomAttribute<NamesAttribute>()?.Names,
            IsList = item is not null,
            IsRequired = property.IsDefined(typeof(RequiredMemberAttribute)),
            IsPositional = property.IsDefined(typeof(PositionalAttribute)),
            IsFolder = property.IsDefined(typeof(FolderAttribute)),
            Sent = property.GetCustomAttribute<FolderAttribute>()?.Sent ?? Sent.Source,
        };
    }

    private static OptionKind KindOf(Type type) =>
        Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => OptionKind.Choice,
            TypeCode.Boolean => OptionKind.Flag,
            TypeCode.String => OptionKind.Text,
            TypeCode.Int32 or TypeCode.Int64 => OptionKind.Whole,
            TypeCode.Double or TypeCode.Decimal => OptionKind.Number,
            _ when type == typeof(Uri) => OptionKind.Text,
            _ => OptionKind.Json,
        };

    private static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() is var open && IsListType(open)
            ? type.GetGenericArguments()[0]
        : null;

    private static bool IsListType(Type open) =>
        open == typeof(IReadOnlyList<>)
        || open == typeof(IReadOnlyCollection<>)
        || open == typeof(IEnumerable<>)
        || open == typeof(List<>);

    private static IReadOnlyList<string> ChoicesOf(Type type) =>
        [
            .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name),
        ];

    private static string? DefaultText(object? value) =>
        value switch
        {
            null or false or "" => null,
            true => "true",
            Enum choice => ChoicesOf(choice.GetType())[
                Array.IndexOf(Enum.GetNames(choice.GetType()), choice.ToString())
            ],
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
}
