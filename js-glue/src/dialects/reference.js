// 参考后端，也就是默认的：自己的后端与它只差几处时，从这里改。
export { default as reference } from '../../../src/dialect/reference.json' with { type: 'json' }
