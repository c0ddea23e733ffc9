// @ts-nocheck
// Made by tools/generate-documents.ts from src/documents/schemas; change those and run it.
import type { Validator } from "../validator.ts";


export const start: Validator = validate20;
const schema31 = {"$id":"run-start.json","title":"RunStart","type":"object","properties":{"uid":{"type":"string"},"time":{"type":"number"},"scan_id":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"owner":{"type":"string"},"group":{"type":"string"},"project":{"type":"string"},"data_session":{"type":"string"},"data_groups":{"type":"array","items":{"type":"string"}},"data_type":{},"sample":{"anyOf":[{"type":"object"},{"type":"string"}]},"hints":{"type":"object","properties":{"dimensions":{"type":"array","items":{"type":"array","items":{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"string"}]}}}}},"projections":{"type":"array","items":{"$ref":"#/$defs/Projection"}}},"required":["uid","time"],"patternProperties":{"^([^./]+)$":{"$ref":"#/$defs/Metadata"}},"additionalProperties":false,"$defs":{"Metadata":{"patternProperties":{"^([^./]+)$":{"$ref":"#/$defs/Metadata"}},"additionalProperties":false},"Projection":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"},"configuration":{"type":"object"},"projection":{"type":"object","additionalProperties":{"$ref":"#/$defs/ProjectedField"}}},"required":["configuration","projection","version"]},"ProjectedField":{"anyOf":[{"type":"object","properties":{"type":{"enum":["linked"]},"location":{"enum":["event"]},"stream":{"type":"string"},"field":{"type":"string"}},"required":["type","location","stream","field"]},{"type":"object","properties":{"type":{"enum":["linked"]},"location":{"enum":["configuration"]},"stream":{"type":"string"},"field":{"type":"string"},"config_index":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"config_device":{"type":"string"}},"required":["type","location","stream","field","config_index","config_device"]},{"type":"object","properties":{"type":{"enum":["calculated"]},"location":{"enum":["event"]},"stream":{"type":"string"},"field":{"type":"string"},"calculation":{"type":"object","properties":{"callable":{"type":"string"},"args":{"type":"array","items":{}},"kwargs":{"type":"object"}},"required":["callable"]}},"required":["type","location","stream","field","calculation"]},{"type":"object","properties":{"type":{"enum":["static"]},"value":{}},"required":["type","value"]}]}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^([^./]+)$", "u");
const schema32 = {"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"},"configuration":{"type":"object"},"projection":{"type":"object","additionalProperties":{"$ref":"#/$defs/ProjectedField"}}},"required":["configuration","projection","version"]};
const schema33 = {"anyOf":[{"type":"object","properties":{"type":{"enum":["linked"]},"location":{"enum":["event"]},"stream":{"type":"string"},"field":{"type":"string"}},"required":["type","location","stream","field"]},{"type":"object","properties":{"type":{"enum":["linked"]},"location":{"enum":["configuration"]},"stream":{"type":"string"},"field":{"type":"string"},"config_index":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"config_device":{"type":"string"}},"required":["type","location","stream","field","config_index","config_device"]},{"type":"object","properties":{"type":{"enum":["calculated"]},"location":{"enum":["event"]},"stream":{"type":"string"},"field":{"type":"string"},"calculation":{"type":"object","properties":{"callable":{"type":"string"},"args":{"type":"array","items":{}},"kwargs":{"type":"object"}},"required":["callable"]}},"required":["type","location","stream","field","calculation"]},{"type":"object","properties":{"type":{"enum":["static"]},"value":{}},"required":["type","value"]}]};

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.configuration === undefined) && (missing0 = "configuration")) || ((data.projection === undefined) && (missing0 = "projection"))) || ((data.version === undefined) && (missing0 = "version"))){
validate21.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.name !== undefined){
const _errs1 = errors;
if(typeof data.name !== "string"){
validate21.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.version !== undefined){
const _errs3 = errors;
if(typeof data.version !== "string"){
validate21.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.configuration !== undefined){
let data2 = data.configuration;
const _errs5 = errors;
if(!(data2 && typeof data2 == "object" && !Array.isArray(data2))){
validate21.errors = [{instancePath:instancePath+"/configuration",schemaPath:"#/properties/configuration/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.projection !== undefined){
let data3 = data.projection;
const _errs7 = errors;
if(errors === _errs7){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key0 in data3){
let data4 = data3[key0];
const _errs10 = errors;
const _errs12 = errors;
let valid3 = false;
const _errs13 = errors;
if(errors === _errs13){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if(((((data4.type === undefined) && (missing1 = "type")) || ((data4.location === undefined) && (missing1 = "location"))) || ((data4.stream === undefined) && (missing1 = "stream"))) || ((data4.field === undefined) && (missing1 = "field"))){
const err0 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/0/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data4.type !== undefined){
const _errs15 = errors;
if(!(data4.type === "linked")){
const err1 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/type",schemaPath:"#/$defs/ProjectedField/anyOf/0/properties/type/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[0].properties.type.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var valid4 = _errs15 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data4.location !== undefined){
const _errs16 = errors;
if(!(data4.location === "event")){
const err2 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/location",schemaPath:"#/$defs/ProjectedField/anyOf/0/properties/location/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[0].properties.location.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var valid4 = _errs16 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data4.stream !== undefined){
const _errs17 = errors;
if(typeof data4.stream !== "string"){
const err3 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/stream",schemaPath:"#/$defs/ProjectedField/anyOf/0/properties/stream/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var valid4 = _errs17 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data4.field !== undefined){
const _errs19 = errors;
if(typeof data4.field !== "string"){
const err4 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/field",schemaPath:"#/$defs/ProjectedField/anyOf/0/properties/field/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var valid4 = _errs19 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
else {
const err5 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid0 = _errs13 === errors;
valid3 = valid3 || _valid0;
if(_valid0){
var props0 = {};
props0.type = true;
props0.location = true;
props0.stream = true;
props0.field = true;
}
const _errs21 = errors;
if(errors === _errs21){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing2;
if(((((((data4.type === undefined) && (missing2 = "type")) || ((data4.location === undefined) && (missing2 = "location"))) || ((data4.stream === undefined) && (missing2 = "stream"))) || ((data4.field === undefined) && (missing2 = "field"))) || ((data4.config_index === undefined) && (missing2 = "config_index"))) || ((data4.config_device === undefined) && (missing2 = "config_device"))){
const err6 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/1/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
if(data4.type !== undefined){
const _errs23 = errors;
if(!(data4.type === "linked")){
const err7 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/type",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/type/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[1].properties.type.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var valid5 = _errs23 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data4.location !== undefined){
const _errs24 = errors;
if(!(data4.location === "configuration")){
const err8 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/location",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/location/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[1].properties.location.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
var valid5 = _errs24 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data4.stream !== undefined){
const _errs25 = errors;
if(typeof data4.stream !== "string"){
const err9 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/stream",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/stream/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var valid5 = _errs25 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data4.field !== undefined){
const _errs27 = errors;
if(typeof data4.field !== "string"){
const err10 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/field",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/field/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var valid5 = _errs27 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data4.config_index !== undefined){
let data13 = data4.config_index;
const _errs29 = errors;
if(!((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13)))){
const err11 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/config_index",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/config_index/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(errors === _errs29){
if(typeof data13 == "number"){
if(data13 > 1.7976931348623157e+308 || isNaN(data13)){
const err12 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/config_index",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/config_index/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
else {
if(data13 < -1.7976931348623157e+308 || isNaN(data13)){
const err13 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/config_index",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/config_index/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
}
var valid5 = _errs29 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data4.config_device !== undefined){
const _errs31 = errors;
if(typeof data4.config_device !== "string"){
const err14 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/config_device",schemaPath:"#/$defs/ProjectedField/anyOf/1/properties/config_device/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
var valid5 = _errs31 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
}
}
else {
const err15 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
var _valid0 = _errs21 === errors;
valid3 = valid3 || _valid0;
if(_valid0){
if(props0 !== true){
props0 = props0 || {};
props0.type = true;
props0.location = true;
props0.stream = true;
props0.field = true;
props0.config_index = true;
props0.config_device = true;
}
}
const _errs33 = errors;
if(errors === _errs33){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing3;
if((((((data4.type === undefined) && (missing3 = "type")) || ((data4.location === undefined) && (missing3 = "location"))) || ((data4.stream === undefined) && (missing3 = "stream"))) || ((data4.field === undefined) && (missing3 = "field"))) || ((data4.calculation === undefined) && (missing3 = "calculation"))){
const err16 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/2/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
else {
if(data4.type !== undefined){
const _errs35 = errors;
if(!(data4.type === "calculated")){
const err17 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/type",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/type/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[2].properties.type.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var valid6 = _errs35 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data4.location !== undefined){
const _errs36 = errors;
if(!(data4.location === "event")){
const err18 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/location",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/location/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[2].properties.location.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var valid6 = _errs36 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data4.stream !== undefined){
const _errs37 = errors;
if(typeof data4.stream !== "string"){
const err19 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/stream",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/stream/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
var valid6 = _errs37 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data4.field !== undefined){
const _errs39 = errors;
if(typeof data4.field !== "string"){
const err20 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/field",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/field/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
var valid6 = _errs39 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data4.calculation !== undefined){
let data19 = data4.calculation;
const _errs41 = errors;
if(errors === _errs41){
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
let missing4;
if((data19.callable === undefined) && (missing4 = "callable")){
const err21 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/calculation",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/calculation/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
else {
if(data19.callable !== undefined){
const _errs43 = errors;
if(typeof data19.callable !== "string"){
const err22 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/calculation/callable",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/calculation/properties/callable/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
var valid7 = _errs43 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data19.args !== undefined){
const _errs45 = errors;
if(errors === _errs45){
if(!(Array.isArray(data19.args))){
const err23 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/calculation/args",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/calculation/properties/args/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
var valid7 = _errs45 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data19.kwargs !== undefined){
let data22 = data19.kwargs;
const _errs47 = errors;
if(!(data22 && typeof data22 == "object" && !Array.isArray(data22))){
const err24 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/calculation/kwargs",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/calculation/properties/kwargs/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var valid7 = _errs47 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
else {
const err25 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/calculation",schemaPath:"#/$defs/ProjectedField/anyOf/2/properties/calculation/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
var valid6 = _errs41 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
}
else {
const err26 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
var _valid0 = _errs33 === errors;
valid3 = valid3 || _valid0;
if(_valid0){
if(props0 !== true){
props0 = props0 || {};
props0.type = true;
props0.location = true;
props0.stream = true;
props0.field = true;
props0.calculation = true;
}
}
const _errs49 = errors;
if(errors === _errs49){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing5;
if(((data4.type === undefined) && (missing5 = "type")) || ((data4.value === undefined) && (missing5 = "value"))){
const err27 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/3/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
else {
if(data4.type !== undefined){
if(!(data4.type === "static")){
const err28 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/type",schemaPath:"#/$defs/ProjectedField/anyOf/3/properties/type/enum",keyword:"enum",params:{allowedValues: schema33.anyOf[3].properties.type.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
}
else {
const err29 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf/3/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
var _valid0 = _errs49 === errors;
valid3 = valid3 || _valid0;
if(_valid0){
if(props0 !== true){
props0 = props0 || {};
props0.type = true;
props0.value = true;
}
}
if(!valid3){
const err30 = {instancePath:instancePath+"/projection/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/ProjectedField/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
validate21.errors = vErrors;
return false;
}
else {
errors = _errs12;
if(vErrors !== null){
if(_errs12){
vErrors.length = _errs12;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs10 === errors;
if(!valid1){
break;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/projection",schemaPath:"#/properties/projection/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":{"name":true,"version":true,"configuration":true,"projection":true},"dynamicProps":false,"dynamicItems":false};

const schema34 = {"patternProperties":{"^([^./]+)$":{"$ref":"#/$defs/Metadata"}},"additionalProperties":false};
const wrapper0 = {validate: validate23};

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate23.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
const _errs0 = errors;
for(const key0 in data){
if(!(pattern4.test(key0))){
validate23.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs0 === errors){
var valid0 = true;
for(const key1 in data){
if(pattern4.test(key1)){
const _errs1 = errors;
if(!(wrapper0.validate(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper0.validate.errors : vErrors.concat(wrapper0.validate.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
break;
}
}
}
}
}
validate23.errors = vErrors;
return errors === 0;
}
validate23.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="run-start.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.uid === undefined) && (missing0 = "uid")) || ((data.time === undefined) && (missing0 = "time"))){
validate20.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((func1.call(schema31.properties, key0)) || (pattern4.test(key0)))){
validate20.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate20.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.time !== undefined){
const _errs4 = errors;
if(!(typeof data.time == "number")){
validate20.errors = [{instancePath:instancePath+"/time",schemaPath:"#/properties/time/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.scan_id !== undefined){
let data2 = data.scan_id;
const _errs6 = errors;
if(!((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2)))){
validate20.errors = [{instancePath:instancePath+"/scan_id",schemaPath:"#/properties/scan_id/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs6){
if(typeof data2 == "number"){
if(data2 > 1.7976931348623157e+308 || isNaN(data2)){
validate20.errors = [{instancePath:instancePath+"/scan_id",schemaPath:"#/properties/scan_id/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data2 < -1.7976931348623157e+308 || isNaN(data2)){
validate20.errors = [{instancePath:instancePath+"/scan_id",schemaPath:"#/properties/scan_id/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.owner !== undefined){
const _errs8 = errors;
if(typeof data.owner !== "string"){
validate20.errors = [{instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.group !== undefined){
const _errs10 = errors;
if(typeof data.group !== "string"){
validate20.errors = [{instancePath:instancePath+"/group",schemaPath:"#/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.project !== undefined){
const _errs12 = errors;
if(typeof data.project !== "string"){
validate20.errors = [{instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data_session !== undefined){
const _errs14 = errors;
if(typeof data.data_session !== "string"){
validate20.errors = [{instancePath:instancePath+"/data_session",schemaPath:"#/properties/data_session/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data_groups !== undefined){
let data7 = data.data_groups;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data7)){
var valid1 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
const _errs18 = errors;
if(typeof data7[i0] !== "string"){
validate20.errors = [{instancePath:instancePath+"/data_groups/" + i0,schemaPath:"#/properties/data_groups/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs18 === errors;
if(!valid1){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/data_groups",schemaPath:"#/properties/data_groups/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sample !== undefined){
let data9 = data.sample;
const _errs20 = errors;
const _errs21 = errors;
let valid2 = false;
const _errs22 = errors;
if(!(data9 && typeof data9 == "object" && !Array.isArray(data9))){
const err0 = {instancePath:instancePath+"/sample",schemaPath:"#/properties/sample/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs22 === errors;
valid2 = valid2 || _valid0;
const _errs24 = errors;
if(typeof data9 !== "string"){
const err1 = {instancePath:instancePath+"/sample",schemaPath:"#/properties/sample/anyOf/1/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs24 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const err2 = {instancePath:instancePath+"/sample",schemaPath:"#/properties/sample/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs21;
if(vErrors !== null){
if(_errs21){
vErrors.length = _errs21;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hints !== undefined){
let data10 = data.hints;
const _errs26 = errors;
if(errors === _errs26){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.dimensions !== undefined){
let data11 = data10.dimensions;
const _errs28 = errors;
if(errors === _errs28){
if(Array.isArray(data11)){
var valid4 = true;
const len1 = data11.length;
for(let i1=0; i1<len1; i1++){
let data12 = data11[i1];
const _errs30 = errors;
if(errors === _errs30){
if(Array.isArray(data12)){
var valid5 = true;
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
let data13 = data12[i2];
const _errs32 = errors;
const _errs33 = errors;
let valid6 = false;
const _errs34 = errors;
if(errors === _errs34){
if(Array.isArray(data13)){
var valid7 = true;
const len3 = data13.length;
for(let i3=0; i3<len3; i3++){
const _errs36 = errors;
if(typeof data13[i3] !== "string"){
const err3 = {instancePath:instancePath+"/hints/dimensions/" + i1+"/" + i2+"/" + i3,schemaPath:"#/properties/hints/properties/dimensions/items/items/anyOf/0/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var valid7 = _errs36 === errors;
if(!valid7){
break;
}
}
}
else {
const err4 = {instancePath:instancePath+"/hints/dimensions/" + i1+"/" + i2,schemaPath:"#/properties/hints/properties/dimensions/items/items/anyOf/0/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var _valid1 = _errs34 === errors;
valid6 = valid6 || _valid1;
const _errs38 = errors;
if(typeof data13 !== "string"){
const err5 = {instancePath:instancePath+"/hints/dimensions/" + i1+"/" + i2,schemaPath:"#/properties/hints/properties/dimensions/items/items/anyOf/1/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
var _valid1 = _errs38 === errors;
valid6 = valid6 || _valid1;
if(!valid6){
const err6 = {instancePath:instancePath+"/hints/dimensions/" + i1+"/" + i2,schemaPath:"#/properties/hints/properties/dimensions/items/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs33;
if(vErrors !== null){
if(_errs33){
vErrors.length = _errs33;
}
else {
vErrors = null;
}
}
}
var valid5 = _errs32 === errors;
if(!valid5){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/hints/dimensions/" + i1,schemaPath:"#/properties/hints/properties/dimensions/items/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid4 = _errs30 === errors;
if(!valid4){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/hints/dimensions",schemaPath:"#/properties/hints/properties/dimensions/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/hints",schemaPath:"#/properties/hints/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.projections !== undefined){
let data15 = data.projections;
const _errs40 = errors;
if(errors === _errs40){
if(Array.isArray(data15)){
var valid8 = true;
const len4 = data15.length;
for(let i4=0; i4<len4; i4++){
const _errs42 = errors;
if(!(validate21(data15[i4], {instancePath:instancePath+"/projections/" + i4,parentData:data15,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
var valid8 = _errs42 === errors;
if(!valid8){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/projections",schemaPath:"#/properties/projections/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs40 === errors;
}
else {
var valid0 = true;
}
if(valid0){
var valid9 = true;
for(const key1 in data){
if(pattern4.test(key1)){
const _errs43 = errors;
if(!(validate23(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var valid9 = _errs43 === errors;
if(!valid9){
break;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const stop: Validator = validate25;
const schema35 = {"$id":"run-stop.json","title":"RunStop","type":"object","properties":{"uid":{"type":"string"},"time":{"type":"number"},"run_start":{"type":"string"},"exit_status":{"enum":["success","abort","fail"]},"reason":{"type":"string"},"num_events":{"type":"object","additionalProperties":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308}},"data_type":{}},"required":["uid","time","run_start","exit_status"],"patternProperties":{"^([^./]+)$":{}},"additionalProperties":false};

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="run-stop.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate25.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.uid === undefined) && (missing0 = "uid")) || ((data.time === undefined) && (missing0 = "time"))) || ((data.run_start === undefined) && (missing0 = "run_start"))) || ((data.exit_status === undefined) && (missing0 = "exit_status"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((((key0 === "uid") || (key0 === "time")) || (key0 === "run_start")) || (key0 === "exit_status")) || (key0 === "reason")) || (key0 === "num_events")) || (key0 === "data_type")) || (pattern4.test(key0)))){
validate25.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate25.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.time !== undefined){
const _errs4 = errors;
if(!(typeof data.time == "number")){
validate25.errors = [{instancePath:instancePath+"/time",schemaPath:"#/properties/time/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.run_start !== undefined){
const _errs6 = errors;
if(typeof data.run_start !== "string"){
validate25.errors = [{instancePath:instancePath+"/run_start",schemaPath:"#/properties/run_start/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.exit_status !== undefined){
let data3 = data.exit_status;
const _errs8 = errors;
if(!(((data3 === "success") || (data3 === "abort")) || (data3 === "fail"))){
validate25.errors = [{instancePath:instancePath+"/exit_status",schemaPath:"#/properties/exit_status/enum",keyword:"enum",params:{allowedValues: schema35.properties.exit_status.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs9 = errors;
if(typeof data.reason !== "string"){
validate25.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.num_events !== undefined){
let data5 = data.num_events;
const _errs11 = errors;
if(errors === _errs11){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key1 in data5){
let data6 = data5[key1];
const _errs14 = errors;
if(!((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6)))){
validate25.errors = [{instancePath:instancePath+"/num_events/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/num_events/additionalProperties/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs14){
if(typeof data6 == "number"){
if(data6 > 1.7976931348623157e+308 || isNaN(data6)){
validate25.errors = [{instancePath:instancePath+"/num_events/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/num_events/additionalProperties/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data6 < -1.7976931348623157e+308 || isNaN(data6)){
validate25.errors = [{instancePath:instancePath+"/num_events/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/num_events/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid1 = _errs14 === errors;
if(!valid1){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/num_events",schemaPath:"#/properties/num_events/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate25.errors = vErrors;
return errors === 0;
}
validate25.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const descriptor: Validator = validate26;
const schema36 = {"$id":"event-descriptor.json","title":"EventDescriptor","type":"object","properties":{"uid":{"type":"string"},"time":{"type":"number"},"run_start":{"type":"string"},"name":{"type":"string"},"data_keys":{"type":"object","additionalProperties":{"$ref":"#/$defs/DataKey"}},"object_keys":{"type":"object"},"object_classes":{"type":"object","additionalProperties":{"type":"string"}},"configuration":{"type":"object","additionalProperties":{"$ref":"#/$defs/Configuration"}},"hints":{"type":"object","properties":{"fields":{"type":"array","items":{"type":"string"}},"NX_class":{"type":"string","pattern":"^NX[A-Za-z_]+$"}}}},"required":["uid","time","run_start","data_keys"],"patternProperties":{"^([^./]+)$":{"$ref":"#/$defs/Metadata"}},"additionalProperties":false,"$defs":{"Metadata":{"patternProperties":{"^([^./]+)$":{"$ref":"#/$defs/Metadata"}},"additionalProperties":false},"DtypeNumpy":{"type":"string","pattern":"[|<>][tbiufcmMOSUV][0-9]+"},"LimitsRange":{"type":"object","properties":{"low":{"anyOf":[{"type":"number"},{"type":"null"}]},"high":{"anyOf":[{"type":"number"},{"type":"null"}]}},"required":["low","high"],"additionalProperties":false},"Limits":{"type":"object","properties":{"control":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"display":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"warning":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"alarm":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"hysteresis":{"anyOf":[{"type":"number"},{"type":"null"}]},"rds":{"anyOf":[{"type":"object","properties":{"time_difference":{"type":"number"},"value_difference":{"type":"number"}},"required":["time_difference","value_difference"]},{"type":"null"}]}},"additionalProperties":false},"DataKey":{"type":"object","properties":{"source":{"type":"string"},"dtype":{"enum":["string","number","array","boolean","integer"]},"shape":{"type":"array","items":{"anyOf":[{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},{"type":"null"}]}},"dtype_numpy":{"anyOf":[{"$ref":"#/$defs/DtypeNumpy"},{"type":"array","items":{"type":"array","prefixItems":[{"type":"string"},{"$ref":"#/$defs/DtypeNumpy"}],"items":false,"minItems":2}}]},"external":{"type":"string","pattern":"^[A-Z]+:?"},"units":{"anyOf":[{"type":"string"},{"type":"null"}]},"precision":{"anyOf":[{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},{"type":"null"}]},"dims":{"type":"array","items":{"type":"string"}},"choices":{"type":"array","items":{"type":"string"}},"object_name":{"type":"string"},"limits":{"$ref":"#/$defs/Limits"}},"required":["dtype","shape","source"],"additionalProperties":{}},"Configuration":{"type":"object","properties":{"data":{"type":"object"},"timestamps":{"type":"object"},"data_keys":{"type":"object","additionalProperties":{"$ref":"#/$defs/DataKey"}}}}}};
const pattern13 = new RegExp("^NX[A-Za-z_]+$", "u");
const schema37 = {"type":"object","properties":{"source":{"type":"string"},"dtype":{"enum":["string","number","array","boolean","integer"]},"shape":{"type":"array","items":{"anyOf":[{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},{"type":"null"}]}},"dtype_numpy":{"anyOf":[{"$ref":"#/$defs/DtypeNumpy"},{"type":"array","items":{"type":"array","prefixItems":[{"type":"string"},{"$ref":"#/$defs/DtypeNumpy"}],"items":false,"minItems":2}}]},"external":{"type":"string","pattern":"^[A-Z]+:?"},"units":{"anyOf":[{"type":"string"},{"type":"null"}]},"precision":{"anyOf":[{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},{"type":"null"}]},"dims":{"type":"array","items":{"type":"string"}},"choices":{"type":"array","items":{"type":"string"}},"object_name":{"type":"string"},"limits":{"$ref":"#/$defs/Limits"}},"required":["dtype","shape","source"],"additionalProperties":{}};
const schema38 = {"type":"string","pattern":"[|<>][tbiufcmMOSUV][0-9]+"};
const pattern10 = new RegExp("[|<>][tbiufcmMOSUV][0-9]+", "u");
const pattern12 = new RegExp("^[A-Z]+:?", "u");
const schema40 = {"type":"object","properties":{"control":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"display":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"warning":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"alarm":{"anyOf":[{"$ref":"#/$defs/LimitsRange"},{"type":"null"}]},"hysteresis":{"anyOf":[{"type":"number"},{"type":"null"}]},"rds":{"anyOf":[{"type":"object","properties":{"time_difference":{"type":"number"},"value_difference":{"type":"number"}},"required":["time_difference","value_difference"]},{"type":"null"}]}},"additionalProperties":false};
const schema41 = {"type":"object","properties":{"low":{"anyOf":[{"type":"number"},{"type":"null"}]},"high":{"anyOf":[{"type":"number"},{"type":"null"}]}},"required":["low","high"],"additionalProperties":false};

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate28.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "control") || (key0 === "display")) || (key0 === "warning")) || (key0 === "alarm")) || (key0 === "hysteresis")) || (key0 === "rds"))){
validate28.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.control !== undefined){
let data0 = data.control;
const _errs2 = errors;
const _errs3 = errors;
let valid1 = false;
const _errs4 = errors;
const _errs5 = errors;
if(errors === _errs5){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing0;
if(((data0.low === undefined) && (missing0 = "low")) || ((data0.high === undefined) && (missing0 = "high"))){
const err0 = {instancePath:instancePath+"/control",schemaPath:"#/$defs/LimitsRange/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
const _errs7 = errors;
for(const key1 in data0){
if(!((key1 === "low") || (key1 === "high"))){
const err1 = {instancePath:instancePath+"/control",schemaPath:"#/$defs/LimitsRange/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
break;
}
}
if(_errs7 === errors){
if(data0.low !== undefined){
let data1 = data0.low;
const _errs8 = errors;
const _errs9 = errors;
let valid4 = false;
const _errs10 = errors;
if(!(typeof data1 == "number")){
const err2 = {instancePath:instancePath+"/control/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid1 = _errs10 === errors;
valid4 = valid4 || _valid1;
const _errs12 = errors;
if(data1 !== null){
const err3 = {instancePath:instancePath+"/control/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var _valid1 = _errs12 === errors;
valid4 = valid4 || _valid1;
if(!valid4){
const err4 = {instancePath:instancePath+"/control/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
else {
errors = _errs9;
if(vErrors !== null){
if(_errs9){
vErrors.length = _errs9;
}
else {
vErrors = null;
}
}
}
var valid3 = _errs8 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data0.high !== undefined){
let data2 = data0.high;
const _errs14 = errors;
const _errs15 = errors;
let valid5 = false;
const _errs16 = errors;
if(!(typeof data2 == "number")){
const err5 = {instancePath:instancePath+"/control/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
var _valid2 = _errs16 === errors;
valid5 = valid5 || _valid2;
const _errs18 = errors;
if(data2 !== null){
const err6 = {instancePath:instancePath+"/control/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid2 = _errs18 === errors;
valid5 = valid5 || _valid2;
if(!valid5){
const err7 = {instancePath:instancePath+"/control/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
errors = _errs15;
if(vErrors !== null){
if(_errs15){
vErrors.length = _errs15;
}
else {
vErrors = null;
}
}
}
var valid3 = _errs14 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
const err8 = {instancePath:instancePath+"/control",schemaPath:"#/$defs/LimitsRange/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var _valid0 = _errs4 === errors;
valid1 = valid1 || _valid0;
const _errs20 = errors;
if(data0 !== null){
const err9 = {instancePath:instancePath+"/control",schemaPath:"#/properties/control/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs20 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const err10 = {instancePath:instancePath+"/control",schemaPath:"#/properties/control/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
validate28.errors = vErrors;
return false;
}
else {
errors = _errs3;
if(vErrors !== null){
if(_errs3){
vErrors.length = _errs3;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.display !== undefined){
let data3 = data.display;
const _errs22 = errors;
const _errs23 = errors;
let valid6 = false;
const _errs24 = errors;
const _errs25 = errors;
if(errors === _errs25){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.low === undefined) && (missing1 = "low")) || ((data3.high === undefined) && (missing1 = "high"))){
const err11 = {instancePath:instancePath+"/display",schemaPath:"#/$defs/LimitsRange/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
else {
const _errs27 = errors;
for(const key2 in data3){
if(!((key2 === "low") || (key2 === "high"))){
const err12 = {instancePath:instancePath+"/display",schemaPath:"#/$defs/LimitsRange/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
break;
}
}
if(_errs27 === errors){
if(data3.low !== undefined){
let data4 = data3.low;
const _errs28 = errors;
const _errs29 = errors;
let valid9 = false;
const _errs30 = errors;
if(!(typeof data4 == "number")){
const err13 = {instancePath:instancePath+"/display/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
var _valid4 = _errs30 === errors;
valid9 = valid9 || _valid4;
const _errs32 = errors;
if(data4 !== null){
const err14 = {instancePath:instancePath+"/display/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
var _valid4 = _errs32 === errors;
valid9 = valid9 || _valid4;
if(!valid9){
const err15 = {instancePath:instancePath+"/display/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
else {
errors = _errs29;
if(vErrors !== null){
if(_errs29){
vErrors.length = _errs29;
}
else {
vErrors = null;
}
}
}
var valid8 = _errs28 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data3.high !== undefined){
let data5 = data3.high;
const _errs34 = errors;
const _errs35 = errors;
let valid10 = false;
const _errs36 = errors;
if(!(typeof data5 == "number")){
const err16 = {instancePath:instancePath+"/display/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
var _valid5 = _errs36 === errors;
valid10 = valid10 || _valid5;
const _errs38 = errors;
if(data5 !== null){
const err17 = {instancePath:instancePath+"/display/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
var _valid5 = _errs38 === errors;
valid10 = valid10 || _valid5;
if(!valid10){
const err18 = {instancePath:instancePath+"/display/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
else {
errors = _errs35;
if(vErrors !== null){
if(_errs35){
vErrors.length = _errs35;
}
else {
vErrors = null;
}
}
}
var valid8 = _errs34 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
else {
const err19 = {instancePath:instancePath+"/display",schemaPath:"#/$defs/LimitsRange/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
var _valid3 = _errs24 === errors;
valid6 = valid6 || _valid3;
const _errs40 = errors;
if(data3 !== null){
const err20 = {instancePath:instancePath+"/display",schemaPath:"#/properties/display/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
var _valid3 = _errs40 === errors;
valid6 = valid6 || _valid3;
if(!valid6){
const err21 = {instancePath:instancePath+"/display",schemaPath:"#/properties/display/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
validate28.errors = vErrors;
return false;
}
else {
errors = _errs23;
if(vErrors !== null){
if(_errs23){
vErrors.length = _errs23;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.warning !== undefined){
let data6 = data.warning;
const _errs42 = errors;
const _errs43 = errors;
let valid11 = false;
const _errs44 = errors;
const _errs45 = errors;
if(errors === _errs45){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.low === undefined) && (missing2 = "low")) || ((data6.high === undefined) && (missing2 = "high"))){
const err22 = {instancePath:instancePath+"/warning",schemaPath:"#/$defs/LimitsRange/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
else {
const _errs47 = errors;
for(const key3 in data6){
if(!((key3 === "low") || (key3 === "high"))){
const err23 = {instancePath:instancePath+"/warning",schemaPath:"#/$defs/LimitsRange/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
break;
}
}
if(_errs47 === errors){
if(data6.low !== undefined){
let data7 = data6.low;
const _errs48 = errors;
const _errs49 = errors;
let valid14 = false;
const _errs50 = errors;
if(!(typeof data7 == "number")){
const err24 = {instancePath:instancePath+"/warning/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var _valid7 = _errs50 === errors;
valid14 = valid14 || _valid7;
const _errs52 = errors;
if(data7 !== null){
const err25 = {instancePath:instancePath+"/warning/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
var _valid7 = _errs52 === errors;
valid14 = valid14 || _valid7;
if(!valid14){
const err26 = {instancePath:instancePath+"/warning/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
else {
errors = _errs49;
if(vErrors !== null){
if(_errs49){
vErrors.length = _errs49;
}
else {
vErrors = null;
}
}
}
var valid13 = _errs48 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data6.high !== undefined){
let data8 = data6.high;
const _errs54 = errors;
const _errs55 = errors;
let valid15 = false;
const _errs56 = errors;
if(!(typeof data8 == "number")){
const err27 = {instancePath:instancePath+"/warning/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
var _valid8 = _errs56 === errors;
valid15 = valid15 || _valid8;
const _errs58 = errors;
if(data8 !== null){
const err28 = {instancePath:instancePath+"/warning/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
var _valid8 = _errs58 === errors;
valid15 = valid15 || _valid8;
if(!valid15){
const err29 = {instancePath:instancePath+"/warning/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
else {
errors = _errs55;
if(vErrors !== null){
if(_errs55){
vErrors.length = _errs55;
}
else {
vErrors = null;
}
}
}
var valid13 = _errs54 === errors;
}
else {
var valid13 = true;
}
}
}
}
}
else {
const err30 = {instancePath:instancePath+"/warning",schemaPath:"#/$defs/LimitsRange/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
var _valid6 = _errs44 === errors;
valid11 = valid11 || _valid6;
const _errs60 = errors;
if(data6 !== null){
const err31 = {instancePath:instancePath+"/warning",schemaPath:"#/properties/warning/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
var _valid6 = _errs60 === errors;
valid11 = valid11 || _valid6;
if(!valid11){
const err32 = {instancePath:instancePath+"/warning",schemaPath:"#/properties/warning/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
validate28.errors = vErrors;
return false;
}
else {
errors = _errs43;
if(vErrors !== null){
if(_errs43){
vErrors.length = _errs43;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs42 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.alarm !== undefined){
let data9 = data.alarm;
const _errs62 = errors;
const _errs63 = errors;
let valid16 = false;
const _errs64 = errors;
const _errs65 = errors;
if(errors === _errs65){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing3;
if(((data9.low === undefined) && (missing3 = "low")) || ((data9.high === undefined) && (missing3 = "high"))){
const err33 = {instancePath:instancePath+"/alarm",schemaPath:"#/$defs/LimitsRange/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
else {
const _errs67 = errors;
for(const key4 in data9){
if(!((key4 === "low") || (key4 === "high"))){
const err34 = {instancePath:instancePath+"/alarm",schemaPath:"#/$defs/LimitsRange/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
break;
}
}
if(_errs67 === errors){
if(data9.low !== undefined){
let data10 = data9.low;
const _errs68 = errors;
const _errs69 = errors;
let valid19 = false;
const _errs70 = errors;
if(!(typeof data10 == "number")){
const err35 = {instancePath:instancePath+"/alarm/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
var _valid10 = _errs70 === errors;
valid19 = valid19 || _valid10;
const _errs72 = errors;
if(data10 !== null){
const err36 = {instancePath:instancePath+"/alarm/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
var _valid10 = _errs72 === errors;
valid19 = valid19 || _valid10;
if(!valid19){
const err37 = {instancePath:instancePath+"/alarm/low",schemaPath:"#/$defs/LimitsRange/properties/low/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
else {
errors = _errs69;
if(vErrors !== null){
if(_errs69){
vErrors.length = _errs69;
}
else {
vErrors = null;
}
}
}
var valid18 = _errs68 === errors;
}
else {
var valid18 = true;
}
if(valid18){
if(data9.high !== undefined){
let data11 = data9.high;
const _errs74 = errors;
const _errs75 = errors;
let valid20 = false;
const _errs76 = errors;
if(!(typeof data11 == "number")){
const err38 = {instancePath:instancePath+"/alarm/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
var _valid11 = _errs76 === errors;
valid20 = valid20 || _valid11;
const _errs78 = errors;
if(data11 !== null){
const err39 = {instancePath:instancePath+"/alarm/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
var _valid11 = _errs78 === errors;
valid20 = valid20 || _valid11;
if(!valid20){
const err40 = {instancePath:instancePath+"/alarm/high",schemaPath:"#/$defs/LimitsRange/properties/high/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
else {
errors = _errs75;
if(vErrors !== null){
if(_errs75){
vErrors.length = _errs75;
}
else {
vErrors = null;
}
}
}
var valid18 = _errs74 === errors;
}
else {
var valid18 = true;
}
}
}
}
}
else {
const err41 = {instancePath:instancePath+"/alarm",schemaPath:"#/$defs/LimitsRange/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
var _valid9 = _errs64 === errors;
valid16 = valid16 || _valid9;
const _errs80 = errors;
if(data9 !== null){
const err42 = {instancePath:instancePath+"/alarm",schemaPath:"#/properties/alarm/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
var _valid9 = _errs80 === errors;
valid16 = valid16 || _valid9;
if(!valid16){
const err43 = {instancePath:instancePath+"/alarm",schemaPath:"#/properties/alarm/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
validate28.errors = vErrors;
return false;
}
else {
errors = _errs63;
if(vErrors !== null){
if(_errs63){
vErrors.length = _errs63;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs62 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hysteresis !== undefined){
let data12 = data.hysteresis;
const _errs82 = errors;
const _errs83 = errors;
let valid21 = false;
const _errs84 = errors;
if(!(typeof data12 == "number")){
const err44 = {instancePath:instancePath+"/hysteresis",schemaPath:"#/properties/hysteresis/anyOf/0/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
var _valid12 = _errs84 === errors;
valid21 = valid21 || _valid12;
const _errs86 = errors;
if(data12 !== null){
const err45 = {instancePath:instancePath+"/hysteresis",schemaPath:"#/properties/hysteresis/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
var _valid12 = _errs86 === errors;
valid21 = valid21 || _valid12;
if(!valid21){
const err46 = {instancePath:instancePath+"/hysteresis",schemaPath:"#/properties/hysteresis/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
validate28.errors = vErrors;
return false;
}
else {
errors = _errs83;
if(vErrors !== null){
if(_errs83){
vErrors.length = _errs83;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs82 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rds !== undefined){
let data13 = data.rds;
const _errs88 = errors;
const _errs89 = errors;
let valid22 = false;
const _errs90 = errors;
if(errors === _errs90){
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
let missing4;
if(((data13.time_difference === undefined) && (missing4 = "time_difference")) || ((data13.value_difference === undefined) && (missing4 = "value_difference"))){
const err47 = {instancePath:instancePath+"/rds",schemaPath:"#/properties/rds/anyOf/0/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
else {
if(data13.time_difference !== undefined){
const _errs92 = errors;
if(!(typeof data13.time_difference == "number")){
const err48 = {instancePath:instancePath+"/rds/time_difference",schemaPath:"#/properties/rds/anyOf/0/properties/time_difference/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
var valid23 = _errs92 === errors;
}
else {
var valid23 = true;
}
if(valid23){
if(data13.value_difference !== undefined){
const _errs94 = errors;
if(!(typeof data13.value_difference == "number")){
const err49 = {instancePath:instancePath+"/rds/value_difference",schemaPath:"#/properties/rds/anyOf/0/properties/value_difference/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
var valid23 = _errs94 === errors;
}
else {
var valid23 = true;
}
}
}
}
else {
const err50 = {instancePath:instancePath+"/rds",schemaPath:"#/properties/rds/anyOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
var _valid13 = _errs90 === errors;
valid22 = valid22 || _valid13;
if(_valid13){
var props4 = {};
props4.time_difference = true;
props4.value_difference = true;
}
const _errs96 = errors;
if(data13 !== null){
const err51 = {instancePath:instancePath+"/rds",schemaPath:"#/properties/rds/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
var _valid13 = _errs96 === errors;
valid22 = valid22 || _valid13;
if(!valid22){
const err52 = {instancePath:instancePath+"/rds",schemaPath:"#/properties/rds/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
validate28.errors = vErrors;
return false;
}
else {
errors = _errs89;
if(vErrors !== null){
if(_errs89){
vErrors.length = _errs89;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs88 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate28.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate28.errors = vErrors;
return errors === 0;
}
validate28.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate27.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.dtype === undefined) && (missing0 = "dtype")) || ((data.shape === undefined) && (missing0 = "shape"))) || ((data.source === undefined) && (missing0 = "source"))){
validate27.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.source !== undefined){
const _errs2 = errors;
if(typeof data.source !== "string"){
validate27.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dtype !== undefined){
let data1 = data.dtype;
const _errs4 = errors;
if(!(((((data1 === "string") || (data1 === "number")) || (data1 === "array")) || (data1 === "boolean")) || (data1 === "integer"))){
validate27.errors = [{instancePath:instancePath+"/dtype",schemaPath:"#/properties/dtype/enum",keyword:"enum",params:{allowedValues: schema37.properties.dtype.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.shape !== undefined){
let data2 = data.shape;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs7 = errors;
const _errs8 = errors;
let valid2 = false;
const _errs9 = errors;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
const err0 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs9){
if(typeof data3 == "number"){
if(data3 > 1.7976931348623157e+308 || isNaN(data3)){
const err1 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
else {
if(data3 < -1.7976931348623157e+308 || isNaN(data3)){
const err2 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
}
}
var _valid0 = _errs9 === errors;
valid2 = valid2 || _valid0;
const _errs11 = errors;
if(data3 !== null){
const err3 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const err4 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
validate27.errors = vErrors;
return false;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs7 === errors;
if(!valid1){
break;
}
}
}
else {
validate27.errors = [{instancePath:instancePath+"/shape",schemaPath:"#/properties/shape/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dtype_numpy !== undefined){
let data4 = data.dtype_numpy;
const _errs13 = errors;
const _errs14 = errors;
let valid3 = false;
const _errs15 = errors;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data4 === "string"){
if(!pattern10.test(data4)){
const err5 = {instancePath:instancePath+"/dtype_numpy",schemaPath:"#/$defs/DtypeNumpy/pattern",keyword:"pattern",params:{pattern: "[|<>][tbiufcmMOSUV][0-9]+"},message:"must match pattern \""+"[|<>][tbiufcmMOSUV][0-9]+"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/dtype_numpy",schemaPath:"#/$defs/DtypeNumpy/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var _valid1 = _errs15 === errors;
valid3 = valid3 || _valid1;
const _errs18 = errors;
if(errors === _errs18){
if(Array.isArray(data4)){
var valid5 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data5)){
if(data5.length < 2){
const err7 = {instancePath:instancePath+"/dtype_numpy/" + i1,schemaPath:"#/properties/dtype_numpy/anyOf/1/items/minItems",keyword:"minItems",params:{limit: 2},message:"must NOT have fewer than 2 items"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
const len2 = data5.length;
if(len2 > 0){
const _errs22 = errors;
if(typeof data5[0] !== "string"){
const err8 = {instancePath:instancePath+"/dtype_numpy/" + i1+"/0",schemaPath:"#/properties/dtype_numpy/anyOf/1/items/prefixItems/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
var valid6 = _errs22 === errors;
}
if(valid6){
if(len2 > 1){
let data7 = data5[1];
const _errs24 = errors;
const _errs25 = errors;
if(errors === _errs25){
if(typeof data7 === "string"){
if(!pattern10.test(data7)){
const err9 = {instancePath:instancePath+"/dtype_numpy/" + i1+"/1",schemaPath:"#/$defs/DtypeNumpy/pattern",keyword:"pattern",params:{pattern: "[|<>][tbiufcmMOSUV][0-9]+"},message:"must match pattern \""+"[|<>][tbiufcmMOSUV][0-9]+"+"\""};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/dtype_numpy/" + i1+"/1",schemaPath:"#/$defs/DtypeNumpy/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var valid6 = _errs24 === errors;
}
if(valid6){
const len3 = data5.length;
if(!(len3 <= 2)){
const err11 = {instancePath:instancePath+"/dtype_numpy/" + i1,schemaPath:"#/properties/dtype_numpy/anyOf/1/items/items",keyword:"items",params:{limit: 2},message:"must NOT have more than 2 items"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
}
}
else {
const err12 = {instancePath:instancePath+"/dtype_numpy/" + i1,schemaPath:"#/properties/dtype_numpy/anyOf/1/items/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var valid5 = _errs20 === errors;
if(!valid5){
break;
}
}
}
else {
const err13 = {instancePath:instancePath+"/dtype_numpy",schemaPath:"#/properties/dtype_numpy/anyOf/1/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var _valid1 = _errs18 === errors;
valid3 = valid3 || _valid1;
if(!valid3){
const err14 = {instancePath:instancePath+"/dtype_numpy",schemaPath:"#/properties/dtype_numpy/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
validate27.errors = vErrors;
return false;
}
else {
errors = _errs14;
if(vErrors !== null){
if(_errs14){
vErrors.length = _errs14;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.external !== undefined){
let data8 = data.external;
const _errs27 = errors;
if(errors === _errs27){
if(typeof data8 === "string"){
if(!pattern12.test(data8)){
validate27.errors = [{instancePath:instancePath+"/external",schemaPath:"#/properties/external/pattern",keyword:"pattern",params:{pattern: "^[A-Z]+:?"},message:"must match pattern \""+"^[A-Z]+:?"+"\""}];
return false;
}
}
else {
validate27.errors = [{instancePath:instancePath+"/external",schemaPath:"#/properties/external/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs27 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.units !== undefined){
let data9 = data.units;
const _errs29 = errors;
const _errs30 = errors;
let valid8 = false;
const _errs31 = errors;
if(typeof data9 !== "string"){
const err15 = {instancePath:instancePath+"/units",schemaPath:"#/properties/units/anyOf/0/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
var _valid2 = _errs31 === errors;
valid8 = valid8 || _valid2;
const _errs33 = errors;
if(data9 !== null){
const err16 = {instancePath:instancePath+"/units",schemaPath:"#/properties/units/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
var _valid2 = _errs33 === errors;
valid8 = valid8 || _valid2;
if(!valid8){
const err17 = {instancePath:instancePath+"/units",schemaPath:"#/properties/units/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
validate27.errors = vErrors;
return false;
}
else {
errors = _errs30;
if(vErrors !== null){
if(_errs30){
vErrors.length = _errs30;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.precision !== undefined){
let data10 = data.precision;
const _errs35 = errors;
const _errs36 = errors;
let valid9 = false;
const _errs37 = errors;
if(!((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10)))){
const err18 = {instancePath:instancePath+"/precision",schemaPath:"#/properties/precision/anyOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(errors === _errs37){
if(typeof data10 == "number"){
if(data10 > 1.7976931348623157e+308 || isNaN(data10)){
const err19 = {instancePath:instancePath+"/precision",schemaPath:"#/properties/precision/anyOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
else {
if(data10 < -1.7976931348623157e+308 || isNaN(data10)){
const err20 = {instancePath:instancePath+"/precision",schemaPath:"#/properties/precision/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
}
var _valid3 = _errs37 === errors;
valid9 = valid9 || _valid3;
const _errs39 = errors;
if(data10 !== null){
const err21 = {instancePath:instancePath+"/precision",schemaPath:"#/properties/precision/anyOf/1/type",keyword:"type",params:{type: "null"},message:"must be null"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
var _valid3 = _errs39 === errors;
valid9 = valid9 || _valid3;
if(!valid9){
const err22 = {instancePath:instancePath+"/precision",schemaPath:"#/properties/precision/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
validate27.errors = vErrors;
return false;
}
else {
errors = _errs36;
if(vErrors !== null){
if(_errs36){
vErrors.length = _errs36;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dims !== undefined){
let data11 = data.dims;
const _errs41 = errors;
if(errors === _errs41){
if(Array.isArray(data11)){
var valid10 = true;
const len4 = data11.length;
for(let i2=0; i2<len4; i2++){
const _errs43 = errors;
if(typeof data11[i2] !== "string"){
validate27.errors = [{instancePath:instancePath+"/dims/" + i2,schemaPath:"#/properties/dims/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid10 = _errs43 === errors;
if(!valid10){
break;
}
}
}
else {
validate27.errors = [{instancePath:instancePath+"/dims",schemaPath:"#/properties/dims/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs41 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.choices !== undefined){
let data13 = data.choices;
const _errs45 = errors;
if(errors === _errs45){
if(Array.isArray(data13)){
var valid11 = true;
const len5 = data13.length;
for(let i3=0; i3<len5; i3++){
const _errs47 = errors;
if(typeof data13[i3] !== "string"){
validate27.errors = [{instancePath:instancePath+"/choices/" + i3,schemaPath:"#/properties/choices/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid11 = _errs47 === errors;
if(!valid11){
break;
}
}
}
else {
validate27.errors = [{instancePath:instancePath+"/choices",schemaPath:"#/properties/choices/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs45 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.object_name !== undefined){
const _errs49 = errors;
if(typeof data.object_name !== "string"){
validate27.errors = [{instancePath:instancePath+"/object_name",schemaPath:"#/properties/object_name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs49 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.limits !== undefined){
const _errs51 = errors;
if(!(validate28(data.limits, {instancePath:instancePath+"/limits",parentData:data,parentDataProperty:"limits",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs51 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate27.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate27.errors = vErrors;
return errors === 0;
}
validate27.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema45 = {"type":"object","properties":{"data":{"type":"object"},"timestamps":{"type":"object"},"data_keys":{"type":"object","additionalProperties":{"$ref":"#/$defs/DataKey"}}}};

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate31.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.data !== undefined){
let data0 = data.data;
const _errs1 = errors;
if(!(data0 && typeof data0 == "object" && !Array.isArray(data0))){
validate31.errors = [{instancePath:instancePath+"/data",schemaPath:"#/properties/data/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timestamps !== undefined){
let data1 = data.timestamps;
const _errs3 = errors;
if(!(data1 && typeof data1 == "object" && !Array.isArray(data1))){
validate31.errors = [{instancePath:instancePath+"/timestamps",schemaPath:"#/properties/timestamps/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data_keys !== undefined){
let data2 = data.data_keys;
const _errs5 = errors;
if(errors === _errs5){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key0 in data2){
const _errs8 = errors;
if(!(validate27(data2[key0], {instancePath:instancePath+"/data_keys/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data2,parentDataProperty:key0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var valid1 = _errs8 === errors;
if(!valid1){
break;
}
}
}
else {
validate31.errors = [{instancePath:instancePath+"/data_keys",schemaPath:"#/properties/data_keys/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
else {
validate31.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate31.errors = vErrors;
return errors === 0;
}
validate31.evaluated = {"props":{"data":true,"timestamps":true,"data_keys":true},"dynamicProps":false,"dynamicItems":false};

const schema46 = {"patternProperties":{"^([^./]+)$":{"$ref":"#/$defs/Metadata"}},"additionalProperties":false};
const wrapper1 = {validate: validate34};

function validate34(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate34.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
const _errs0 = errors;
for(const key0 in data){
if(!(pattern4.test(key0))){
validate34.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs0 === errors){
var valid0 = true;
for(const key1 in data){
if(pattern4.test(key1)){
const _errs1 = errors;
if(!(wrapper1.validate(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? wrapper1.validate.errors : vErrors.concat(wrapper1.validate.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
if(!valid0){
break;
}
}
}
}
}
validate34.errors = vErrors;
return errors === 0;
}
validate34.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="event-descriptor.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate26.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.uid === undefined) && (missing0 = "uid")) || ((data.time === undefined) && (missing0 = "time"))) || ((data.run_start === undefined) && (missing0 = "run_start"))) || ((data.data_keys === undefined) && (missing0 = "data_keys"))){
validate26.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((func1.call(schema36.properties, key0)) || (pattern4.test(key0)))){
validate26.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate26.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.time !== undefined){
const _errs4 = errors;
if(!(typeof data.time == "number")){
validate26.errors = [{instancePath:instancePath+"/time",schemaPath:"#/properties/time/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.run_start !== undefined){
const _errs6 = errors;
if(typeof data.run_start !== "string"){
validate26.errors = [{instancePath:instancePath+"/run_start",schemaPath:"#/properties/run_start/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
const _errs8 = errors;
if(typeof data.name !== "string"){
validate26.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data_keys !== undefined){
let data4 = data.data_keys;
const _errs10 = errors;
if(errors === _errs10){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
const _errs13 = errors;
if(!(validate27(data4[key1], {instancePath:instancePath+"/data_keys/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data4,parentDataProperty:key1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var valid1 = _errs13 === errors;
if(!valid1){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/data_keys",schemaPath:"#/properties/data_keys/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.object_keys !== undefined){
let data6 = data.object_keys;
const _errs14 = errors;
if(!(data6 && typeof data6 == "object" && !Array.isArray(data6))){
validate26.errors = [{instancePath:instancePath+"/object_keys",schemaPath:"#/properties/object_keys/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.object_classes !== undefined){
let data7 = data.object_classes;
const _errs16 = errors;
if(errors === _errs16){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key2 in data7){
const _errs19 = errors;
if(typeof data7[key2] !== "string"){
validate26.errors = [{instancePath:instancePath+"/object_classes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/object_classes/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs19 === errors;
if(!valid2){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/object_classes",schemaPath:"#/properties/object_classes/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.configuration !== undefined){
let data9 = data.configuration;
const _errs21 = errors;
if(errors === _errs21){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key3 in data9){
const _errs24 = errors;
if(!(validate31(data9[key3], {instancePath:instancePath+"/configuration/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data9,parentDataProperty:key3,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid3 = _errs24 === errors;
if(!valid3){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/configuration",schemaPath:"#/properties/configuration/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hints !== undefined){
let data11 = data.hints;
const _errs25 = errors;
if(errors === _errs25){
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
if(data11.fields !== undefined){
let data12 = data11.fields;
const _errs27 = errors;
if(errors === _errs27){
if(Array.isArray(data12)){
var valid5 = true;
const len0 = data12.length;
for(let i0=0; i0<len0; i0++){
const _errs29 = errors;
if(typeof data12[i0] !== "string"){
validate26.errors = [{instancePath:instancePath+"/hints/fields/" + i0,schemaPath:"#/properties/hints/properties/fields/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs29 === errors;
if(!valid5){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/hints/fields",schemaPath:"#/properties/hints/properties/fields/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid4 = _errs27 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data11.NX_class !== undefined){
let data14 = data11.NX_class;
const _errs31 = errors;
if(errors === _errs31){
if(typeof data14 === "string"){
if(!pattern13.test(data14)){
validate26.errors = [{instancePath:instancePath+"/hints/NX_class",schemaPath:"#/properties/hints/properties/NX_class/pattern",keyword:"pattern",params:{pattern: "^NX[A-Za-z_]+$"},message:"must match pattern \""+"^NX[A-Za-z_]+$"+"\""}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/hints/NX_class",schemaPath:"#/properties/hints/properties/NX_class/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs31 === errors;
}
else {
var valid4 = true;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/hints",schemaPath:"#/properties/hints/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
var valid6 = true;
for(const key4 in data){
if(pattern4.test(key4)){
const _errs33 = errors;
if(!(validate34(data[key4], {instancePath:instancePath+"/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
errors = vErrors.length;
}
var valid6 = _errs33 === errors;
if(!valid6){
break;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate26.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate26.errors = vErrors;
return errors === 0;
}
validate26.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const event: Validator = validate36;
const schema47 = {"$id":"event.json","title":"Event","type":"object","properties":{"uid":{"type":"string"},"time":{"type":"number"},"descriptor":{"type":"string"},"seq_num":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"data":{"type":"object"},"timestamps":{"type":"object"},"filled":{"type":"object","additionalProperties":{"anyOf":[{"type":"boolean"},{"type":"string"}]}}},"required":["uid","time","descriptor","seq_num","data","timestamps"],"additionalProperties":false};

function validate36(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="event.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate36.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.uid === undefined) && (missing0 = "uid")) || ((data.time === undefined) && (missing0 = "time"))) || ((data.descriptor === undefined) && (missing0 = "descriptor"))) || ((data.seq_num === undefined) && (missing0 = "seq_num"))) || ((data.data === undefined) && (missing0 = "data"))) || ((data.timestamps === undefined) && (missing0 = "timestamps"))){
validate36.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((((key0 === "uid") || (key0 === "time")) || (key0 === "descriptor")) || (key0 === "seq_num")) || (key0 === "data")) || (key0 === "timestamps")) || (key0 === "filled"))){
validate36.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate36.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.time !== undefined){
const _errs4 = errors;
if(!(typeof data.time == "number")){
validate36.errors = [{instancePath:instancePath+"/time",schemaPath:"#/properties/time/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.descriptor !== undefined){
const _errs6 = errors;
if(typeof data.descriptor !== "string"){
validate36.errors = [{instancePath:instancePath+"/descriptor",schemaPath:"#/properties/descriptor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seq_num !== undefined){
let data3 = data.seq_num;
const _errs8 = errors;
if(!((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3)))){
validate36.errors = [{instancePath:instancePath+"/seq_num",schemaPath:"#/properties/seq_num/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs8){
if(typeof data3 == "number"){
if(data3 > 1.7976931348623157e+308 || isNaN(data3)){
validate36.errors = [{instancePath:instancePath+"/seq_num",schemaPath:"#/properties/seq_num/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data3 < -1.7976931348623157e+308 || isNaN(data3)){
validate36.errors = [{instancePath:instancePath+"/seq_num",schemaPath:"#/properties/seq_num/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data !== undefined){
let data4 = data.data;
const _errs10 = errors;
if(!(data4 && typeof data4 == "object" && !Array.isArray(data4))){
validate36.errors = [{instancePath:instancePath+"/data",schemaPath:"#/properties/data/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timestamps !== undefined){
let data5 = data.timestamps;
const _errs12 = errors;
if(!(data5 && typeof data5 == "object" && !Array.isArray(data5))){
validate36.errors = [{instancePath:instancePath+"/timestamps",schemaPath:"#/properties/timestamps/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.filled !== undefined){
let data6 = data.filled;
const _errs14 = errors;
if(errors === _errs14){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
let data7 = data6[key1];
const _errs17 = errors;
const _errs18 = errors;
let valid2 = false;
const _errs19 = errors;
if(typeof data7 !== "boolean"){
const err0 = {instancePath:instancePath+"/filled/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/filled/additionalProperties/anyOf/0/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs19 === errors;
valid2 = valid2 || _valid0;
const _errs21 = errors;
if(typeof data7 !== "string"){
const err1 = {instancePath:instancePath+"/filled/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/filled/additionalProperties/anyOf/1/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs21 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const err2 = {instancePath:instancePath+"/filled/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/filled/additionalProperties/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
validate36.errors = vErrors;
return false;
}
else {
errors = _errs18;
if(vErrors !== null){
if(_errs18){
vErrors.length = _errs18;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs17 === errors;
if(!valid1){
break;
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/filled",schemaPath:"#/properties/filled/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate36.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate36.errors = vErrors;
return errors === 0;
}
validate36.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const event_page: Validator = validate37;
const schema48 = {"$id":"event-page.json","title":"EventPage","type":"object","properties":{"uid":{},"time":{"$ref":"#/$defs/NumberColumn"},"descriptor":{"type":"string"},"seq_num":{"$ref":"#/$defs/IntegerColumn"},"data":{"type":"object","additionalProperties":{"$ref":"#/$defs/Column"}},"timestamps":{"type":"object","additionalProperties":{"$ref":"#/$defs/TimestampColumn"}},"filled":{"type":"object","additionalProperties":{"$ref":"#/$defs/FilledColumn"}}},"required":["uid","time","descriptor","seq_num","data","timestamps"],"additionalProperties":false,"$defs":{"NumberColumn":{},"IntegerColumn":{},"TimestampColumn":{},"Column":{},"FilledColumn":{}}};
const schema49 = {};
const schema50 = {};
const schema51 = {};
const schema52 = {};
const schema53 = {};

function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="event-page.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate37.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.uid === undefined) && (missing0 = "uid")) || ((data.time === undefined) && (missing0 = "time"))) || ((data.descriptor === undefined) && (missing0 = "descriptor"))) || ((data.seq_num === undefined) && (missing0 = "seq_num"))) || ((data.data === undefined) && (missing0 = "data"))) || ((data.timestamps === undefined) && (missing0 = "timestamps"))){
validate37.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((((key0 === "uid") || (key0 === "time")) || (key0 === "descriptor")) || (key0 === "seq_num")) || (key0 === "data")) || (key0 === "timestamps")) || (key0 === "filled"))){
validate37.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.time !== undefined){
const _errs2 = errors;
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.descriptor !== undefined){
const _errs3 = errors;
if(typeof data.descriptor !== "string"){
validate37.errors = [{instancePath:instancePath+"/descriptor",schemaPath:"#/properties/descriptor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seq_num !== undefined){
const _errs5 = errors;
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data !== undefined){
let data3 = data.data;
const _errs6 = errors;
if(errors === _errs6){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
for(const key1 in data3){
const _errs9 = errors;
var valid3 = _errs9 === errors;
if(!valid3){
break;
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/data",schemaPath:"#/properties/data/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timestamps !== undefined){
let data5 = data.timestamps;
const _errs10 = errors;
if(errors === _errs10){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key2 in data5){
const _errs13 = errors;
var valid5 = _errs13 === errors;
if(!valid5){
break;
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/timestamps",schemaPath:"#/properties/timestamps/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.filled !== undefined){
let data7 = data.filled;
const _errs14 = errors;
if(errors === _errs14){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key3 in data7){
const _errs17 = errors;
var valid7 = _errs17 === errors;
if(!valid7){
break;
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/filled",schemaPath:"#/properties/filled/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate37.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate37.errors = vErrors;
return errors === 0;
}
validate37.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const resource: Validator = validate38;
const schema54 = {"$id":"resource.json","title":"Resource","type":"object","properties":{"uid":{"type":"string"},"run_start":{"type":"string"},"spec":{"type":"string"},"root":{"type":"string"},"resource_path":{"type":"string"},"path_semantics":{"enum":["posix","windows"]},"resource_kwargs":{"type":"object"}},"required":["uid","spec","root","resource_path","resource_kwargs"],"additionalProperties":false};

function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="resource.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate38.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.uid === undefined) && (missing0 = "uid")) || ((data.spec === undefined) && (missing0 = "spec"))) || ((data.root === undefined) && (missing0 = "root"))) || ((data.resource_path === undefined) && (missing0 = "resource_path"))) || ((data.resource_kwargs === undefined) && (missing0 = "resource_kwargs"))){
validate38.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((((key0 === "uid") || (key0 === "run_start")) || (key0 === "spec")) || (key0 === "root")) || (key0 === "resource_path")) || (key0 === "path_semantics")) || (key0 === "resource_kwargs"))){
validate38.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate38.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.run_start !== undefined){
const _errs4 = errors;
if(typeof data.run_start !== "string"){
validate38.errors = [{instancePath:instancePath+"/run_start",schemaPath:"#/properties/run_start/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.spec !== undefined){
const _errs6 = errors;
if(typeof data.spec !== "string"){
validate38.errors = [{instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.root !== undefined){
const _errs8 = errors;
if(typeof data.root !== "string"){
validate38.errors = [{instancePath:instancePath+"/root",schemaPath:"#/properties/root/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.resource_path !== undefined){
const _errs10 = errors;
if(typeof data.resource_path !== "string"){
validate38.errors = [{instancePath:instancePath+"/resource_path",schemaPath:"#/properties/resource_path/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.path_semantics !== undefined){
let data5 = data.path_semantics;
const _errs12 = errors;
if(!((data5 === "posix") || (data5 === "windows"))){
validate38.errors = [{instancePath:instancePath+"/path_semantics",schemaPath:"#/properties/path_semantics/enum",keyword:"enum",params:{allowedValues: schema54.properties.path_semantics.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.resource_kwargs !== undefined){
let data6 = data.resource_kwargs;
const _errs13 = errors;
if(!(data6 && typeof data6 == "object" && !Array.isArray(data6))){
validate38.errors = [{instancePath:instancePath+"/resource_kwargs",schemaPath:"#/properties/resource_kwargs/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate38.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate38.errors = vErrors;
return errors === 0;
}
validate38.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const datum: Validator = validate39;
const schema55 = {"$id":"datum.json","title":"Datum","type":"object","properties":{"datum_id":{"type":"string"},"datum_kwargs":{"type":"object"},"resource":{"type":"string"}},"required":["datum_id","datum_kwargs","resource"],"additionalProperties":false};

function validate39(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="datum.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate39.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.datum_id === undefined) && (missing0 = "datum_id")) || ((data.datum_kwargs === undefined) && (missing0 = "datum_kwargs"))) || ((data.resource === undefined) && (missing0 = "resource"))){
validate39.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "datum_id") || (key0 === "datum_kwargs")) || (key0 === "resource"))){
validate39.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.datum_id !== undefined){
const _errs2 = errors;
if(typeof data.datum_id !== "string"){
validate39.errors = [{instancePath:instancePath+"/datum_id",schemaPath:"#/properties/datum_id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.datum_kwargs !== undefined){
let data1 = data.datum_kwargs;
const _errs4 = errors;
if(!(data1 && typeof data1 == "object" && !Array.isArray(data1))){
validate39.errors = [{instancePath:instancePath+"/datum_kwargs",schemaPath:"#/properties/datum_kwargs/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.resource !== undefined){
const _errs6 = errors;
if(typeof data.resource !== "string"){
validate39.errors = [{instancePath:instancePath+"/resource",schemaPath:"#/properties/resource/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate39.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate39.errors = vErrors;
return errors === 0;
}
validate39.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const datum_page: Validator = validate40;
const schema56 = {"$id":"datum-page.json","title":"DatumPage","type":"object","properties":{"datum_id":{},"datum_kwargs":{"type":"object","additionalProperties":{"$ref":"#/$defs/KwargColumn"}},"resource":{"type":"string"}},"required":["datum_id","datum_kwargs","resource"],"additionalProperties":false,"$defs":{"KwargColumn":{}}};
const schema57 = {};

function validate40(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="datum-page.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate40.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.datum_id === undefined) && (missing0 = "datum_id")) || ((data.datum_kwargs === undefined) && (missing0 = "datum_kwargs"))) || ((data.resource === undefined) && (missing0 = "resource"))){
validate40.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "datum_id") || (key0 === "datum_kwargs")) || (key0 === "resource"))){
validate40.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.datum_kwargs !== undefined){
let data0 = data.datum_kwargs;
const _errs2 = errors;
if(errors === _errs2){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
const _errs5 = errors;
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
else {
validate40.errors = [{instancePath:instancePath+"/datum_kwargs",schemaPath:"#/properties/datum_kwargs/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.resource !== undefined){
const _errs6 = errors;
if(typeof data.resource !== "string"){
validate40.errors = [{instancePath:instancePath+"/resource",schemaPath:"#/properties/resource/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate40.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate40.errors = vErrors;
return errors === 0;
}
validate40.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const stream_resource: Validator = validate41;
const schema58 = {"$id":"stream-resource.json","title":"StreamResource","type":"object","properties":{"uid":{"type":"string"},"run_start":{"type":"string"},"data_key":{"type":"string"},"mimetype":{"type":"string"},"uri":{"type":"string"},"parameters":{"type":"object"}},"required":["uid","data_key","mimetype","uri","parameters"],"additionalProperties":{}};

function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="stream-resource.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate41.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.uid === undefined) && (missing0 = "uid")) || ((data.data_key === undefined) && (missing0 = "data_key"))) || ((data.mimetype === undefined) && (missing0 = "mimetype"))) || ((data.uri === undefined) && (missing0 = "uri"))) || ((data.parameters === undefined) && (missing0 = "parameters"))){
validate41.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate41.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.run_start !== undefined){
const _errs4 = errors;
if(typeof data.run_start !== "string"){
validate41.errors = [{instancePath:instancePath+"/run_start",schemaPath:"#/properties/run_start/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data_key !== undefined){
const _errs6 = errors;
if(typeof data.data_key !== "string"){
validate41.errors = [{instancePath:instancePath+"/data_key",schemaPath:"#/properties/data_key/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.mimetype !== undefined){
const _errs8 = errors;
if(typeof data.mimetype !== "string"){
validate41.errors = [{instancePath:instancePath+"/mimetype",schemaPath:"#/properties/mimetype/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.uri !== undefined){
const _errs10 = errors;
if(typeof data.uri !== "string"){
validate41.errors = [{instancePath:instancePath+"/uri",schemaPath:"#/properties/uri/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parameters !== undefined){
let data5 = data.parameters;
const _errs12 = errors;
if(!(data5 && typeof data5 == "object" && !Array.isArray(data5))){
validate41.errors = [{instancePath:instancePath+"/parameters",schemaPath:"#/properties/parameters/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate41.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate41.errors = vErrors;
return errors === 0;
}
validate41.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const stream_datum: Validator = validate42;
const schema59 = {"$id":"stream-datum.json","title":"StreamDatum","type":"object","properties":{"uid":{"type":"string"},"descriptor":{"type":"string"},"stream_resource":{"type":"string"},"indices":{"$ref":"#/$defs/StreamRange"},"seq_nums":{"$ref":"#/$defs/StreamRange"}},"required":["uid","descriptor","stream_resource","indices","seq_nums"],"additionalProperties":{},"$defs":{"StreamRange":{"type":"object","properties":{"start":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"stop":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308}},"required":["start","stop"],"additionalProperties":{}}}};
const schema60 = {"type":"object","properties":{"start":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"stop":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308}},"required":["start","stop"],"additionalProperties":{}};

function validate42(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="stream-datum.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate42.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.uid === undefined) && (missing0 = "uid")) || ((data.descriptor === undefined) && (missing0 = "descriptor"))) || ((data.stream_resource === undefined) && (missing0 = "stream_resource"))) || ((data.indices === undefined) && (missing0 = "indices"))) || ((data.seq_nums === undefined) && (missing0 = "seq_nums"))){
validate42.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
if(data.uid !== undefined){
const _errs2 = errors;
if(typeof data.uid !== "string"){
validate42.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.descriptor !== undefined){
const _errs4 = errors;
if(typeof data.descriptor !== "string"){
validate42.errors = [{instancePath:instancePath+"/descriptor",schemaPath:"#/properties/descriptor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stream_resource !== undefined){
const _errs6 = errors;
if(typeof data.stream_resource !== "string"){
validate42.errors = [{instancePath:instancePath+"/stream_resource",schemaPath:"#/properties/stream_resource/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.indices !== undefined){
let data3 = data.indices;
const _errs8 = errors;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.start === undefined) && (missing1 = "start")) || ((data3.stop === undefined) && (missing1 = "stop"))){
validate42.errors = [{instancePath:instancePath+"/indices",schemaPath:"#/$defs/StreamRange/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
if(data3.start !== undefined){
let data4 = data3.start;
const _errs12 = errors;
if(!((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4)))){
validate42.errors = [{instancePath:instancePath+"/indices/start",schemaPath:"#/$defs/StreamRange/properties/start/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if(typeof data4 == "number"){
if(data4 > 1.7976931348623157e+308 || isNaN(data4)){
validate42.errors = [{instancePath:instancePath+"/indices/start",schemaPath:"#/$defs/StreamRange/properties/start/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data4 < -1.7976931348623157e+308 || isNaN(data4)){
validate42.errors = [{instancePath:instancePath+"/indices/start",schemaPath:"#/$defs/StreamRange/properties/start/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.stop !== undefined){
let data5 = data3.stop;
const _errs14 = errors;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
validate42.errors = [{instancePath:instancePath+"/indices/stop",schemaPath:"#/$defs/StreamRange/properties/stop/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs14){
if(typeof data5 == "number"){
if(data5 > 1.7976931348623157e+308 || isNaN(data5)){
validate42.errors = [{instancePath:instancePath+"/indices/stop",schemaPath:"#/$defs/StreamRange/properties/stop/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data5 < -1.7976931348623157e+308 || isNaN(data5)){
validate42.errors = [{instancePath:instancePath+"/indices/stop",schemaPath:"#/$defs/StreamRange/properties/stop/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/indices",schemaPath:"#/$defs/StreamRange/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seq_nums !== undefined){
let data6 = data.seq_nums;
const _errs16 = errors;
const _errs17 = errors;
if(errors === _errs17){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.start === undefined) && (missing2 = "start")) || ((data6.stop === undefined) && (missing2 = "stop"))){
validate42.errors = [{instancePath:instancePath+"/seq_nums",schemaPath:"#/$defs/StreamRange/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
if(data6.start !== undefined){
let data7 = data6.start;
const _errs20 = errors;
if(!((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7)))){
validate42.errors = [{instancePath:instancePath+"/seq_nums/start",schemaPath:"#/$defs/StreamRange/properties/start/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs20){
if(typeof data7 == "number"){
if(data7 > 1.7976931348623157e+308 || isNaN(data7)){
validate42.errors = [{instancePath:instancePath+"/seq_nums/start",schemaPath:"#/$defs/StreamRange/properties/start/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data7 < -1.7976931348623157e+308 || isNaN(data7)){
validate42.errors = [{instancePath:instancePath+"/seq_nums/start",schemaPath:"#/$defs/StreamRange/properties/start/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid4 = _errs20 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data6.stop !== undefined){
let data8 = data6.stop;
const _errs22 = errors;
if(!((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8)))){
validate42.errors = [{instancePath:instancePath+"/seq_nums/stop",schemaPath:"#/$defs/StreamRange/properties/stop/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs22){
if(typeof data8 == "number"){
if(data8 > 1.7976931348623157e+308 || isNaN(data8)){
validate42.errors = [{instancePath:instancePath+"/seq_nums/stop",schemaPath:"#/$defs/StreamRange/properties/stop/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data8 < -1.7976931348623157e+308 || isNaN(data8)){
validate42.errors = [{instancePath:instancePath+"/seq_nums/stop",schemaPath:"#/$defs/StreamRange/properties/stop/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid4 = _errs22 === errors;
}
else {
var valid4 = true;
}
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/seq_nums",schemaPath:"#/$defs/StreamRange/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate42.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate42.errors = vErrors;
return errors === 0;
}
validate42.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const bulk_events: Validator = validate43;
const schema62 = {"$id":"bulk-events.json","title":"BulkEvents","additionalProperties":{"type":"array","items":{"$ref":"#/$defs/OldEvent"}},"$defs":{"OldEvent":{"type":"object","properties":{"uid":{"type":"string"},"time":{"type":"number"},"descriptor":{"type":"string"},"seq_num":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"data":{"type":"object"},"timestamps":{"type":"object"},"filled":{"type":"object"}},"required":["uid","time","descriptor","seq_num","data","timestamps"],"additionalProperties":false}}};
const schema63 = {"type":"object","properties":{"uid":{"type":"string"},"time":{"type":"number"},"descriptor":{"type":"string"},"seq_num":{"type":"integer","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308},"data":{"type":"object"},"timestamps":{"type":"object"},"filled":{"type":"object"}},"required":["uid","time","descriptor","seq_num","data","timestamps"],"additionalProperties":false};

function validate43(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="bulk-events.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate43.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
let data0 = data[key0];
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
const _errs3 = errors;
const _errs4 = errors;
if(errors === _errs4){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing0;
if(((((((data1.uid === undefined) && (missing0 = "uid")) || ((data1.time === undefined) && (missing0 = "time"))) || ((data1.descriptor === undefined) && (missing0 = "descriptor"))) || ((data1.seq_num === undefined) && (missing0 = "seq_num"))) || ((data1.data === undefined) && (missing0 = "data"))) || ((data1.timestamps === undefined) && (missing0 = "timestamps"))){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/$defs/OldEvent/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs6 = errors;
for(const key1 in data1){
if(!(((((((key1 === "uid") || (key1 === "time")) || (key1 === "descriptor")) || (key1 === "seq_num")) || (key1 === "data")) || (key1 === "timestamps")) || (key1 === "filled"))){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/$defs/OldEvent/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs6 === errors){
if(data1.uid !== undefined){
const _errs7 = errors;
if(typeof data1.uid !== "string"){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/uid",schemaPath:"#/$defs/OldEvent/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid3 = _errs7 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.time !== undefined){
const _errs9 = errors;
if(!(typeof data1.time == "number")){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/time",schemaPath:"#/$defs/OldEvent/properties/time/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.descriptor !== undefined){
const _errs11 = errors;
if(typeof data1.descriptor !== "string"){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/descriptor",schemaPath:"#/$defs/OldEvent/properties/descriptor/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.seq_num !== undefined){
let data5 = data1.seq_num;
const _errs13 = errors;
if(!((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5)))){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/seq_num",schemaPath:"#/$defs/OldEvent/properties/seq_num/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs13){
if(typeof data5 == "number"){
if(data5 > 1.7976931348623157e+308 || isNaN(data5)){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/seq_num",schemaPath:"#/$defs/OldEvent/properties/seq_num/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1.7976931348623157e+308},message:"must be <= 1.7976931348623157e+308"}];
return false;
}
else {
if(data5 < -1.7976931348623157e+308 || isNaN(data5)){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/seq_num",schemaPath:"#/$defs/OldEvent/properties/seq_num/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1.7976931348623157e+308},message:"must be >= -1.7976931348623157e+308"}];
return false;
}
}
}
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.data !== undefined){
let data6 = data1.data;
const _errs15 = errors;
if(!(data6 && typeof data6 == "object" && !Array.isArray(data6))){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/data",schemaPath:"#/$defs/OldEvent/properties/data/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid3 = _errs15 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.timestamps !== undefined){
let data7 = data1.timestamps;
const _errs17 = errors;
if(!(data7 && typeof data7 == "object" && !Array.isArray(data7))){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/timestamps",schemaPath:"#/$defs/OldEvent/properties/timestamps/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid3 = _errs17 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.filled !== undefined){
let data8 = data1.filled;
const _errs19 = errors;
if(!(data8 && typeof data8 == "object" && !Array.isArray(data8))){
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0+"/filled",schemaPath:"#/$defs/OldEvent/properties/filled/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid3 = _errs19 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/$defs/OldEvent/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
else {
validate43.errors = [{instancePath:instancePath+"/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/additionalProperties/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs1 === errors;
if(!valid0){
break;
}
}
}
validate43.errors = vErrors;
return errors === 0;
}
validate43.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const bulk_datum: Validator = validate44;
const schema64 = {"$id":"bulk-datum.json","title":"BulkDatum","type":"object","properties":{"datum_ids":{"type":"array","items":{"type":"string"}},"datum_kwarg_list":{"type":"array","items":{"type":"object"}},"resource":{"type":"string"}},"required":["datum_ids","datum_kwarg_list","resource"],"additionalProperties":false};

function validate44(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="bulk-datum.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate44.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.datum_ids === undefined) && (missing0 = "datum_ids")) || ((data.datum_kwarg_list === undefined) && (missing0 = "datum_kwarg_list"))) || ((data.resource === undefined) && (missing0 = "resource"))){
validate44.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "datum_ids") || (key0 === "datum_kwarg_list")) || (key0 === "resource"))){
validate44.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.datum_ids !== undefined){
let data0 = data.datum_ids;
const _errs2 = errors;
if(errors === _errs2){
if(Array.isArray(data0)){
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs4 = errors;
if(typeof data0[i0] !== "string"){
validate44.errors = [{instancePath:instancePath+"/datum_ids/" + i0,schemaPath:"#/properties/datum_ids/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid1 = _errs4 === errors;
if(!valid1){
break;
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/datum_ids",schemaPath:"#/properties/datum_ids/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.datum_kwarg_list !== undefined){
let data2 = data.datum_kwarg_list;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data2)){
var valid2 = true;
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
const _errs8 = errors;
if(!(data3 && typeof data3 == "object" && !Array.isArray(data3))){
validate44.errors = [{instancePath:instancePath+"/datum_kwarg_list/" + i1,schemaPath:"#/properties/datum_kwarg_list/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/datum_kwarg_list",schemaPath:"#/properties/datum_kwarg_list/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.resource !== undefined){
const _errs10 = errors;
if(typeof data.resource !== "string"){
validate44.errors = [{instancePath:instancePath+"/resource",schemaPath:"#/properties/resource/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate44.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate44.errors = vErrors;
return errors === 0;
}
validate44.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
