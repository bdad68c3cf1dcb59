using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using Millrace.Failures;
using Millrace.Serialization;

namespace Millrace.Connectors.Files.Formats;

/// <summary>The columns of a type of records, and code that writes them.</summary>
/// <remarks>A value (number, text, date, enumeration member ...) is a column; anything else is taken apart into its
/// public properties and fields.</remarks>
internal sealed class CsvColumns
{
    /// <summary>The name of the column of records that are values themselves.</summary>
    public const string LoneColumn = "Value";

    private readonly ParameterExpression _row;
    private readonly List<string> _names = [];
    private readonly Stack<Type> _above = new();

    private CsvColumns(ParameterExpression row, Expression record, Type type)
    {
        _row = row;
        Write = WriteValue(record, type, new MemberPath(NameOf(type), null));
    }

    /// <summary>Names for a header, in order; those of parts within parts are joined by dots.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Writes all fields of a record.</summary>
    public Expression Write { get; }

    /// <exception cref="InvalidProgramGraphException">A member is neither a value nor can it be taken
    /// apart.</exception>
    public static CsvColumns Of(ParameterExpression row, Expression record, Type type) => new(row, record, type);

    /// <summary>The name of a type as a program writes it, more or less.</summary>
    public static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;

    /// <summary>Whether a type is one column.</summary>
    public static bool IsColumn(Type type) =>
        type == typeof(string) || type == typeof(Uri) || type == typeof(Version) || type.IsEnum || IsPlain(type)
        || (typeof(IFormattable).IsAssignableFrom(type) && !type.IsInterface);

    private Expression WriteValue(Expression value, Type type, MemberPath path)
    {
        if (TryWriteColumn(value, type, out Expression? write))
        {
            _names.Add(path.Column ?? LoneColumn);
            return write;
        }

        Verify(type, path);
        _above.Push(type);
        int before = _names.Count;
        Type shape = Nullable.GetUnderlyingType(type) ?? type;
        ParameterExpression local = Expression.Variable(type, "part");
        Expression inner = shape == type ? local : Expression.Property(local, nameof(Nullable<>.Value));
        List<Expression> parts = [.. Members(shape).Select(member => WriteValue(
            Expression.MakeMemberAccess(inner, member),
            member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType,
            path.To(member.Name)))];
        _above.Pop();
        if (parts.Count == 0)
        {
            throw Refused(path, type, "has no public properties or fields to make columns of");
        }

        Expression all = type.IsValueType && shape == type
            ? Expression.Block(parts)
            : Expression.IfThenElse(
                Expression.Equal(local, Expression.Constant(null, type)),
                Call(nameof(CsvRow.Empty), [], Expression.Constant(_names.Count - before)),
                Expression.Block(parts));
        return Expression.Block([local], Expression.Assign(local, value), all);
    }

    private bool TryWriteColumn(Expression value, Type type, out Expression write)
    {
        write = Expression.Empty();
        if (Nullable.GetUnderlyingType(type) is Type inner)
        {
            if (!TryWriteColumn(Expression.Property(value, nameof(Nullable<>.Value)), inner, out Expression present))
            {
                return false;
            }

            write = Expression.IfThenElse(
                Expression.Property(value, nameof(Nullable<>.HasValue)),
                present,
                Call(nameof(CsvRow.Empty), [], Expression.Constant(1)));
            return true;
        }

        if (ColumnCall(value, type) is not { } call)
        {
            return false;
        }

        write = call;
        return true;
    }

    private MethodCallExpression? ColumnCall(Expression value, Type type)
    {
        if (type == typeof(string))
        {
            return Call(nameof(CsvRow.Text), [], value);
        }

        if (type == typeof(bool))
        {
            return Call(nameof(CsvRow.Truth), [], value);
        }

        if (type == typeof(char))
        {
            return Call(nameof(CsvRow.Character), [], value);
        }

        if (type.IsEnum)
        {
            return Call(nameof(CsvRow.Name), [type], value);
        }

        if (IsPlain(type))
        {
            return Call(nameof(CsvRow.Plain), [type], value, Expression.Constant(IsoFormats.Of(type), typeof(string)));
        }

        bool knowsItsText =
            typeof(IFormattable).IsAssignableFrom(type) || type == typeof(Uri) || type == typeof(Version);
        return knowsItsText && !type.IsInterface ? Call(nameof(CsvRow.Value), [type], value) : null;
    }

    private static bool IsPlain(Type type) =>
        type.IsPrimitive
        || type == typeof(decimal) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128)
        || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly)
        || type == typeof(TimeOnly) || type == typeof(TimeSpan) || type == typeof(Guid);

    private MethodCallExpression Call(string method, Type[] typeArguments, params Expression[] arguments)
    {
        MethodInfo info = typeof(CsvRow).GetMethod(method)!;
        info = typeArguments.Length == 0 ? info : info.MakeGenericMethod(typeArguments);
        return Expression.Call(_row, info, arguments);
    }

    private void Verify(Type type, MemberPath path)
    {
        if (_above.Contains(type))
        {
            throw Refused(path, type, "contains itself, so that there is no end of columns");
        }

        if (typeof(IEnumerable).IsAssignableFrom(type))
        {
            throw Refused(path, type, "holds any number of values, but a row has a fixed number of columns");
        }

        if (type.IsInterface || type.IsAbstract || type == typeof(object) || type.IsPointer || type.IsByRefLike
            || typeof(Delegate).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type))
        {
            throw Refused(path, type, "does not say what columns it has");
        }
    }

    private static InvalidProgramGraphException Refused(MemberPath path, Type type, string reason) => new(
        $"{path.Full}: a CSV file cannot be written of '{NameOf(type)}', which {reason}. "
        + "Map the records to a record or tuple of numbers, text and the like first.");

    /// <summary>Properties, then fields, in the order of their declaration; those of a base class first.</summary>
    public static IReadOnlyList<MemberInfo> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
        Stack<Type> line = new();
        for (Type? at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            line.Push(at);
        }

        Dictionary<string, int> places = [];
        List<MemberInfo> members = [];
        foreach (Type at in line)
        {
            IEnumerable<MemberInfo> properties = at.GetProperties(Declared)
                .Where(property => property.GetMethod is { IsPublic: true })
                .Where(property => property.GetIndexParameters().Length == 0)
                .OrderBy(property => property.MetadataToken);
            IEnumerable<MemberInfo> fields = at.GetFields(Declared).OrderBy(field => field.MetadataToken);
            foreach (MemberInfo member in properties.Concat(fields)
                .Where(member => !member.IsDefined(typeof(MillraceIgnoreAttribute), inherit: true)))
            {
                // A member that hides or overrides one of a base class takes its place.
                if (places.TryAdd(member.Name, members.Count))
                {
                    members.Add(member);
                }
                else
                {
                    members[places[member.Name]] = member;
                }
            }
        }

        return members;
    }

    /// <summary>Where a member stands.</summary>
    /// <param name="Full">From the type of the records on, for errors.</param>
    /// <param name="Column">From the record on, for a header; null for the record itself.</param>
    private readonly record struct MemberPath(string Full, string? Column)
    {
        public MemberPath To(string member) => new($"{Full}.{member}", Column is null ? member : $"{Column}.{member}");
    }
}
