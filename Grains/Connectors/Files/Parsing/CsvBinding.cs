using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using Millrace.Connectors.Files.Formats;
using Millrace.Failures;

namespace Millrace.Connectors.Files.Parsing;

/// <summary>The columns that a type of records is read from, and code that reads it.</summary>
/// <remarks>The mirror of <see cref="CsvColumns"/>: the same columns in the same order.</remarks>
internal sealed class CsvBinding<T>
{
    private readonly ParameterExpression _fields = Expression.Parameter(typeof(CsvFields), "fields");
    private readonly List<string> _columns = [];
    private readonly List<bool> _needed = [];
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Expression<Func<CsvFields, T>> _read;

    /// <exception cref="InvalidProgramGraphException">Such records cannot be read; names the member.</exception>
    public CsvBinding()
    {
        // What the sink writes of the type is what is read; the same types are refused for the same reasons.
        ParameterExpression row = Expression.Parameter(typeof(CsvRow), "row");
        ParameterExpression record = Expression.Parameter(typeof(T), "record");
        CsvColumns.Of(row, record, typeof(T));
        Expression value = Read(typeof(T), new Member(CsvColumns.NameOf(typeof(T)), null, IsNullable: false));
        _read = Expression.Lambda<Func<CsvFields, T>>(value, _fields);
    }

    /// <summary>Names of the columns, in order; those of parts within parts are joined by dots.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Whether a header must have a column.</summary>
    public bool IsNeeded(int column) => _needed[column];

    /// <summary>The code, made once per reader.</summary>
    public Func<CsvFields, T> Compile() => _read.Compile();

    private Expression Read(Type type, Member member)
    {
        Type shape = Nullable.GetUnderlyingType(type) ?? type;
        if (CsvColumns.IsColumn(shape))
        {
            return ReadColumn(type, shape, member);
        }

        int first = _columns.Count;
        Expression part = Part(shape, member);
        return shape == type && !member.IsNullable
            ? part
            : Expression.Condition(
                Call(
                    nameof(CsvFields.AreEmpty),
                    [],
                    Expression.Constant(first),
                    Expression.Constant(_columns.Count - first)),
                Expression.Default(type),
                shape == type ? part : Expression.Convert(part, type));
    }

    private Expression ReadColumn(Type type, Type shape, Member member)
    {
        bool isNullable = shape != type || member.IsNullable;
        ConstantExpression column = Expression.Constant(_columns.Count);
        _columns.Add(member.Column ?? CsvColumns.LoneColumn);
        _needed.Add(!isNullable && !member.IsUnused);
        if (member.IsUnused)
        {
            return Expression.Default(type);
        }

        Expression value = Getter(shape, column, member);
        return isNullable
            ? Expression.Condition(
                Call(nameof(CsvFields.IsEmpty), [], column),
                Expression.Default(type),
                shape == type ? value : Expression.Convert(value, type))
            : value;
    }

    private MethodCallExpression Getter(Type type, Expression column, Member member)
    {
        if (type.IsEnum)
        {
            return Call(nameof(CsvFields.Member), [type], column);
        }

        string? exact = type == typeof(string) ? nameof(CsvFields.Text)
            : type == typeof(bool) ? nameof(CsvFields.Truth)
            : type == typeof(char) ? nameof(CsvFields.Character)
            : type == typeof(DateTime) ? nameof(CsvFields.Moment)
            : type == typeof(DateTimeOffset) ? nameof(CsvFields.MomentWithOffset)
            : type == typeof(Uri) ? nameof(CsvFields.Address)
            : null;
        if (exact is not null)
        {
            return Call(exact, [], column);
        }

        if (Implements(type, typeof(IBinaryInteger<>)))
        {
            return Call(nameof(CsvFields.Integer), [type], column);
        }

        if (Implements(type, typeof(INumberBase<>)))
        {
            return Call(nameof(CsvFields.Fraction), [type], column);
        }

        return Implements(type, typeof(ISpanParsable<>))
            ? Call(nameof(CsvFields.Parsed), [type], column)
            : throw Refused(member.Full, type, "is a column, but cannot be read from text (no ISpanParsable)");
    }

    /// <summary>A value made of parts: by its members where they can be set, else by the constructor that takes
    /// them.</summary>
    private Expression Part(Type type, Member owner)
    {
        IReadOnlyList<MemberInfo> members = CsvColumns.Members(type);
        ConstructorInfo? constructor = ConstructorOf(type, members, owner);
        ParameterInfo[] parameters = constructor?.GetParameters() ?? [];
        Expression?[] arguments = new Expression?[parameters.Length];
        List<MemberBinding> bindings = [];
        foreach (MemberInfo info in members)
        {
            int parameter = Array.FindIndex(parameters, one => Matches(one, info));
            bool isUnused = parameter < 0 && !CanSet(info);
            Expression value = Read(TypeOf(info), owner.To(info, IsNullable(info), isUnused || owner.IsUnused));
            if (parameter >= 0)
            {
                arguments[parameter] = value;
            }
            else if (!isUnused)
            {
                bindings.Add(Expression.Bind(info, value));
            }
        }

        NewExpression made = constructor is null
            ? Expression.New(type)
            : Expression.New(constructor, arguments.Select((argument, i) =>
                argument ?? Expression.Constant(parameters[i].DefaultValue, parameters[i].ParameterType)));
        return bindings.Count == 0 ? made : Expression.MemberInit(made, bindings);
    }

    private static ConstructorInfo? ConstructorOf(Type type, IReadOnlyList<MemberInfo> members, Member owner)
    {
        bool isPlain = type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null;
        if (isPlain && members.Any(CanSet))
        {
            return type.IsValueType ? null : type.GetConstructor(Type.EmptyTypes);
        }

        ConstructorInfo? best = type.GetConstructors()
            .Where(one => Array.TrueForAll(
                one.GetParameters(),
                parameter => parameter.HasDefaultValue || members.Any(member => Matches(parameter, member))))
            .OrderByDescending(one => one.GetParameters().Count(
                parameter => members.Any(member => Matches(parameter, member))))
            .FirstOrDefault();
        return best is not null || isPlain
            ? best
            : throw Refused(
                owner.Full,
                type,
                "has neither members that can be set nor a constructor with parameters named like them");
    }

    private static bool Matches(ParameterInfo parameter, MemberInfo member) =>
        string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase)
        && parameter.ParameterType == TypeOf(member);

    private static bool CanSet(MemberInfo member) => member switch
    {
        PropertyInfo property => property.SetMethod is { IsPublic: true },
        FieldInfo field => !field.IsInitOnly,
        _ => false,
    };

    private static Type TypeOf(MemberInfo member) =>
        member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static bool Implements(Type type, Type definition) => Array.Exists(
        type.GetInterfaces(),
        one => one.IsGenericType && one.GetGenericTypeDefinition() == definition
            && one.GenericTypeArguments[0] == type);

    private static InvalidProgramGraphException Refused(string path, Type type, string reason) =>
        new($"'{typeof(T)}' cannot be read from CSV: {path} ({type}) {reason}.");

    private bool IsNullable(MemberInfo member) => !TypeOf(member).IsValueType
        && (member is PropertyInfo property ? _nullability.Create(property) : _nullability.Create((FieldInfo)member))
            .ReadState == NullabilityState.Nullable;

    private MethodCallExpression Call(string method, Type[] typeArguments, params Expression[] arguments)
    {
        MethodInfo info = typeof(CsvFields).GetMethod(method)!;
        info = typeArguments.Length == 0 ? info : info.MakeGenericMethod(typeArguments);
        return Expression.Call(_fields, info, arguments);
    }

    /// <summary>Where a member stands.</summary>
    /// <param name="Full">From the type of the records on, for errors.</param>
    /// <param name="Column">From the record on, as in a header; null for the record itself.</param>
    /// <param name="IsNullable">Whether it may be null though its type is a class.</param>
    /// <param name="IsUnused">Whether it is written but follows from others, and so is not read.</param>
    private sealed record Member(string Full, string? Column, bool IsNullable, bool IsUnused = false)
    {
        public Member To(MemberInfo member, bool isNullable, bool isUnused) => new(
            $"{Full}.{member.Name}", Column is null ? member.Name : $"{Column}.{member.Name}", isNullable, isUnused);
    }
}
